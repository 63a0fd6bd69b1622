import { createDecider } from '@contactpoint/access/decide';
import { loadPolicySet } from '@contactpoint/access/policy-set';
import { ROLES, type Role } from '@contactpoint/access/role';
import { compose } from '@contactpoint/composition/compose';
import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';
import { readyOperations } from '@contactpoint/explorer/ready-operations/by-role';
import type { ReadyOperation } from '@contactpoint/explorer/ready-operations/ready-operation';
import { createVisibleSchema } from '@contactpoint/gateway/pipeline/visible-schema';
import { loadSupergraph } from '@contactpoint/gateway/supergraph';
import { principalOf } from '@contactpoint/gateway/testing/personas';
import { type GraphQLSchema, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { filledIn } from './filled-in.ts';

/** Personas whom nobody has involved with a child, and who may not search for one: to them it is refused. */
const STRANGERS: ReadonlySet<string> = new Set(['camhs-clinician', 'voluntary-worker']);
const OF_ONE_CHILD: ReadonlySet<string> = new Set(['JoinedView', 'RecordInvolvement', 'EndInvolvement']);

const OPERATIONS = ROLES.flatMap((role) =>
  readyOperations(role).map((operation) => [role, nameOf(operation), operation] as const),
);
// Who has no involvement has none to end.
const ASKED = OPERATIONS.filter(([role, name]) => !(STRANGERS.has(role) && name === 'EndInvolvement'));

function nameOf({ query }: ReadyOperation): string {
  return /^(?:query|mutation) (\w+)/.exec(query)?.[1] ?? 'without a name';
}

describe('fits the schema that the role is shown', () => {
  let schemaOf: (role: Role) => GraphQLSchema;
  beforeAll(() => {
    const composed = compose(
      CONTRACT_SUBGRAPHS.map((name) => ({ name, url: `http://${name}.invalid`, sdl: readContract(name) })),
    );
    if (composed.errors !== undefined) throw new Error(JSON.stringify(composed.errors));
    const decide = createDecider(loadPolicySet());
    const visible = createVisibleSchema(loadSupergraph(composed.supergraphSdl, 1_000), decide);
    schemaOf = (role) => visible(principalOf(role));
  });

  test.each(OPERATIONS)('%s, %s', (role, _name, { query, sentence }) => {
    expect(validate(schemaOf(role), parse(query)).map(({ message }) => message)).toEqual([]);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});

describe('does what it says, asked by the persona of the role', () => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem();
  });
  afterAll(() => system?.remove());

  test.each(ASKED)('%s, %s', async (role, name, { query }) => {
    const answer = await system.ask(role, { query, ...(await filledIn(system, role, name)) });
    if (STRANGERS.has(role) && OF_ONE_CHILD.has(name)) {
      const extensions = { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'RELATIONSHIP' };
      expect(answer.body.errors).toMatchObject([{ extensions }]);
      return;
    }
    expect(whatWentWrong(answer)).toEqual([]);
    expect(Object.values(answer.body.data ?? {})).not.toContain(null);
  });
});

/** Of an answer that is there in part, what is withheld under this one purpose is no fault. */
function whatWentWrong({ status, body }: Answer): readonly unknown[] {
  const withheld = (body.errors ?? []).filter(
    ({ extensions, path = [] }) => extensions?.['code'] !== 'UNAUTHORIZED_FIELD_OR_TYPE' || path.length < 2,
  );
  return status === 200 ? withheld : [status, ...withheld];
}
