import { isolated } from '../../layout/unseen.ts';

/** The organisation whose accounts are reviewed. */
export interface Organisation {
  readonly id: string;
  readonly name: string | null;
  readonly sector: string | null;
  readonly stage: string;
  readonly userQuota: number;
  readonly grantedUsers: number;
  readonly activeUsers: number;
}

/** For a sentence. */
export function organisationName({ id, name }: Organisation): string {
  return name === null ? id : isolated(name);
}
