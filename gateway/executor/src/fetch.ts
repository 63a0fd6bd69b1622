import type { AuthorizedRequest, Representation } from './hooks.ts';
import type { FetchStep, FetchText } from './planning/plan-step.ts';
import { attachErrors, failWhole } from './records/attach-errors.ts';
import type { Entity } from './records/entity-index.ts';
import type { Failures } from './records/failures.ts';
import { mergeInto } from './records/merge.ts';
import { prunedText } from './records/prune.ts';
import { readEntities, readRoot } from './records/read-answer.ts';
import { type DataRecord, emptyRecord } from './records/record.ts';
import { type Representations, representationsOf } from './records/representations.ts';
import { unavailable } from './records/subgraph-error.ts';
import type { RunningOperation } from './running-operation.ts';
import type { SubgraphAnswer } from './subgraphs/subgraph-client.ts';

/** @param objects Where the answer goes: the data's root, or the entities that the fetch completes. */
export async function runFetch(
  running: RunningOperation,
  step: FetchStep,
  objects: readonly DataRecord[],
): Promise<void> {
  if (step.requires === undefined) {
    await fetchRoot(running, step, objects);
    return;
  }
  const found = representationsOf(running.schema, step, objects);
  passOnFailures(running.failures, step, found);
  if (found.entities.length === 0) return;
  const requests = await authorize(running, step, found.entities);
  await Promise.all(requests.map((request) => fetchEntities(running, step, found.entities, request)));
}

async function fetchRoot(
  running: RunningOperation,
  step: FetchStep,
  objects: readonly DataRecord[],
): Promise<void> {
  const [request, ...others] = await authorize(running, step, undefined);
  if (others.length > 0) throw new TypeError('A fetch at the root takes at most one request');
  const sent = request && (await send(running, step, request, undefined));
  if (sent === undefined) return;

  const { text } = sent;
  const places = [{ objects, decoy: false }];
  const answer = readRoot(running.schema, step, text, sent.answer);
  if (answer === undefined) {
    failWhole(running.failures, step, text, places, unavailable(step.subgraph));
    return;
  }
  for (const object of objects) if (answer.record !== undefined) mergeInto(object, answer.record);
  attachErrors(running, step, text, places, answer.errors, answer.record === undefined);
}

/** One request for some of a fetch's entities. */
async function fetchEntities(
  running: RunningOperation,
  step: FetchStep,
  found: readonly Entity[],
  request: AuthorizedRequest,
): Promise<void> {
  if (request.entities === undefined) throw new TypeError('A request for entities must name them');
  const places = request.entities.map(({ index, decoy }) => {
    const entity = found[index];
    if (entity === undefined) throw new RangeError(`The fetch has no entity ${index}`);
    return { objects: entity.objects, decoy };
  });
  if (places.length === 0) return;
  const representations = request.entities.map((it) => it.representation);
  const sent = await send(running, step, request, representations);
  if (sent === undefined) return;

  const { text } = sent;
  const { failures } = running;
  const answer = readEntities(running.schema, step, text, sent.answer, representations);
  if (answer === undefined) {
    failWhole(failures, step, text, places, unavailable(step.subgraph));
    return;
  }
  for (const [index, place] of places.entries()) {
    const entity = answer.entities?.[index];
    if (entity?.kind === 'WRONG') failWhole(failures, step, text, [place], unavailable(step.subgraph));
    if (entity?.kind !== 'FOUND' || place.decoy) continue;
    for (const object of place.objects) mergeInto(object, entity.record);
  }
  attachErrors(running, step, text, places, answer.errors, answer.entities === undefined);
}

function authorize(
  { hooks, givenVariables }: RunningOperation,
  step: FetchStep,
  entities: readonly Entity[] | undefined,
): Promise<readonly AuthorizedRequest[]> {
  const { text } = step;
  return hooks.beforeFetch({
    subgraph: step.subgraph,
    kind: step.operation,
    query: text.query,
    variables: variablesFor(text, givenVariables),
    representations: entities?.map((it) => it.representation),
    coordinates: text.coordinates,
  });
}

/** @returns undefined when what may be asked for is nothing. */
async function send(
  running: RunningOperation,
  step: FetchStep,
  request: AuthorizedRequest,
  representations: readonly Representation[] | undefined,
): Promise<{ readonly text: FetchText; readonly answer: SubgraphAnswer } | undefined> {
  const { omit } = request;
  const text = omit === undefined ? step.text : prunedText(running.schema, step, omit);
  if (text === undefined) return undefined;
  const client = running.clients.get(step.subgraph);
  if (client === undefined) throw new Error(`No endpoint for the subgraph ${step.subgraph}`);

  const variables = variablesFor(text, running.givenVariables);
  if (representations !== undefined) variables.representations = representations;
  const { query, coordinates } = text;
  const extensions = request.extensions({ query, variables, coordinates });
  const { abandonment, deadline } = running;
  const answer = await client.ask({ query, variables, extensions }, abandonment, deadline);
  return { text, answer };
}

function variablesFor(text: FetchText, given: Readonly<Record<string, unknown>>): DataRecord {
  const variables = emptyRecord();
  for (const name of text.variableNames) {
    if (Object.hasOwn(given, name) && given[name] !== undefined) variables[name] = given[name];
  }
  return variables;
}

/** An entity that cannot be asked for because an earlier fetch failed shows that fetch's failure at its fields. */
function passOnFailures(failures: Failures, step: FetchStep, { incomplete }: Representations): void {
  for (const { object, missing } of incomplete) {
    const cause = failures.at(object, missing).find((it) => it.wholeFetch);
    if (cause !== undefined) {
      failWhole(failures, step, step.text, [{ objects: [object], decoy: false }], cause.error);
    }
  }
}
