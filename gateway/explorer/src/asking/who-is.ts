import type { Practitioner } from '../session/session.ts';
import { type Refusal, refusalOf } from './answer.ts';
import { send } from './ask.ts';

const ME = 'query Me { me { id name role organisation { id name } } }';

/** Who accreditation says the bearer of a token is. */
export async function whoIs(token: string): Promise<Practitioner | Refusal> {
  const answer = await send(token, { query: ME });
  const me = answer.data?.me as Practitioner | null | undefined;
  if (me != null) return me;
  return (
    refusalOf(answer) ?? { code: 'SUBGRAPH_UNAVAILABLE', message: 'Accreditation did not say who this is' }
  );
}
