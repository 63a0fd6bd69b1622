import { isolated } from '../../layout/unseen.ts';

/** An account as a review shows it. */
export interface Account {
  readonly id: string;
  readonly name: string | null;
  readonly role: string | null;
  readonly status: string | null;
  /** RFC 3339. */
  readonly lastAccessAt: string | null;
  /** Last day, `YYYY-MM-DD`, as the one that follows. */
  readonly vettingExpiresOn: string | null;
  readonly trainingExpiresOn: string | null;
}

/** For a sentence: the name by itself, whatever its letters and their direction. */
export function nameOf({ id, name }: Account): string {
  return name === null ? id : isolated(name);
}
