import postgres from 'postgres';
import type { Answer, Question, TestSystem } from '../running-system.ts';

/** A window as accreditation's database holds it. */
interface WindowRow {
  readonly evt: string;
  readonly practitioner: string;
  readonly child: string;
  readonly outcome: string | null;
}

/** Accreditation's own tables, which no caller reaches: rows age here, so that no test waits for an hour. */
export interface OverrideWindows {
  rows(): Promise<readonly WindowRow[]>;
  /** Moves every window into the past: `60 minutes`. */
  age(interval: string): Promise<void>;
  /** Forgets all windows and reviews, and waits until no gateway believes in them any more. */
  forget(): Promise<void>;
  /** From now on the statement fails (`insert on override_window`), until the promise's function is called. */
  failing(statement: string): Promise<() => Promise<void>>;
  /** What the history says was done to an account, and by whom. */
  historyOf(practitioner: string): Promise<readonly { act: string; actor: string; reason: string | null }[]>;
  end(): Promise<void>;
}

/** Longer than a gateway believes what it was told of a practitioner, milliseconds. */
export const BELIEVED = 1_100;

export function overrideWindows({ databases }: TestSystem): OverrideWindows {
  const sql = postgres(databases.accreditation, { max: 1, onnotice: () => {} });
  return {
    rows: () => sql<WindowRow[]>`
      select evt, practitioner_id as practitioner, child_id as child, outcome from override_window order by opened_at`,
    async age(interval) {
      await sql`
        update override_window set opened_at = opened_at - ${interval}::interval,
          expires_at = expires_at - ${interval}::interval, review_due_at = review_due_at - ${interval}::interval`;
    },
    async forget() {
      const forgotten = await sql`delete from override_window returning 1`;
      if (forgotten.length > 0) await new Promise((over) => setTimeout(over, BELIEVED));
    },
    async failing(statement) {
      const table = statement.split(' ').at(-1);
      await sql.unsafe(`
        create or replace function fail() returns trigger language plpgsql as $$
          begin raise exception 'the disk is full'; end $$;
        create trigger failing before ${statement} for each statement execute function fail()`);
      return async () => {
        await sql.unsafe(`drop trigger failing on ${table}`);
      };
    },
    historyOf: (practitioner) => sql`
      select act, actor, reason from accreditation_history where practitioner_id = ${practitioner} order by id`,
    end: () => sql.end(),
  };
}

/** Sealed fields of every agency that holds any, and what a shield hides. */
export const SEALED_VIEW = /* GraphQL */ `
  query Sealed($id: ID!) {
    child(id: $id) { ...Sealed }
  }
  fragment Sealed on Child {
    familyName
    formerNames
    mentalHealthService { name organisation }
    sexualHealthService { name }
    substanceMisuseService { name }
    socialCare { status assessmentFactors previousPermanence convictions }
    addresses { line1 town }
    involvements { id service }
  }
`;

const BREAKING = { 'access-override': 'break-glass' };
const PURPOSES: Readonly<Record<string, string>> = { 'emergency-clinician': 'EC', teacher: 'ED' };

/** Asks with `Access-Override: break-glass` and a reason that suffices, for the role's own purpose. */
export function breakingGlass(
  system: TestSystem,
  persona: string,
  question: Question,
): ReturnType<TestSystem['ask']> {
  return system.ask(persona, {
    purpose: PURPOSES[persona] ?? 'S47',
    reason: 'Unconscious, nobody else knows the child',
    ...question,
    headers: { ...BREAKING, ...question.headers },
  });
}

/** Asks the same without it. */
export function withoutBreaking(
  system: TestSystem,
  persona: string,
  question: Question,
): ReturnType<TestSystem['ask']> {
  return system.ask(persona, { purpose: PURPOSES[persona] ?? 'S47', ...question });
}

/** Whether anything sealed came. */
export function unsealed({ body }: Answer, key = 'child'): boolean {
  const child = body.data?.[key];
  return child?.mentalHealthService != null || child?.sexualHealthService != null;
}
