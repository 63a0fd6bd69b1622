import { Agent, request } from 'undici';
import type { TestSystem } from '../running-system.ts';

/** What one caller got of one request. */
interface EditionReply {
  readonly status: number;
  /** Undefined where the answer was not whole. */
  readonly edition: number | undefined;
  /** `Access-Log`: where its event stands. */
  readonly receipt: string | undefined;
  readonly body: string;
}

export interface EditionLoad {
  readonly replies: readonly EditionReply[];
  /** Requests that were not answered at all. */
  readonly broken: readonly unknown[];
  /** Lets every caller have the answer to what it has sent. */
  end(): Promise<void>;
}

const QUERY = /* GraphQL */ `
  query Edition($id: ID!) {
    edition { number }
    child(id: $id) { id familyName attendance { academicYear } missedAppointments { on } socialCare { status } }
  }
`;

/** Callers that ask for a child of four agencies, and for the edition, again as soon as they are answered. */
export async function startEditionLoad(system: TestSystem, callers: number): Promise<EditionLoad> {
  const dispatcher = new Agent({ connections: callers, pipelining: 1 });
  const load = { replies: [] as EditionReply[], broken: [] as unknown[] };
  let isOver = false;

  const askOnce = async (): Promise<EditionReply> => {
    const answer = await request(`${system.urls.gateway}/graphql`, {
      dispatcher,
      method: 'POST',
      headers: {
        authorization: `Bearer ${await system.token('social-worker')}`,
        'content-type': 'application/json',
        'access-purpose': 'S47',
        'access-reason': 'Enquiry opened this morning',
      },
      body: JSON.stringify({ query: QUERY, variables: { id: system.scenarios.joined } }),
    });
    const body = await answer.body.text();
    return {
      status: answer.statusCode,
      edition: editionOf(body),
      receipt: answer.headers['access-log']?.toString(),
      body,
    };
  };
  const call = async (): Promise<void> => {
    while (!isOver) {
      try {
        load.replies.push(await askOnce());
      } catch (cause) {
        load.broken.push(cause);
      }
    }
  };
  const calling = Promise.all(Array.from({ length: callers }, call));
  return {
    ...load,
    async end() {
      isOver = true;
      await calling;
      await dispatcher.close();
    },
  };
}

function editionOf(body: string): number | undefined {
  const { data, errors } = JSON.parse(body) as {
    readonly data?: {
      readonly edition?: { readonly number?: number } | null;
      readonly child?: Readonly<Record<string, unknown>> | null;
    };
    readonly errors?: unknown;
  };
  const { familyName, attendance, missedAppointments, socialCare } = data?.child ?? {};
  const isWhole = [familyName, attendance, missedAppointments, socialCare].every((value) => value != null);
  return errors === undefined && isWhole ? data?.edition?.number : undefined;
}
