import type { GraphQLSchema } from 'graphql';
import { type Execution, runFetch } from './fetch.ts';
import type { DataPath, PlanStep } from './plan-step.ts';
import { type DataRecord, isRecord, own } from './record.ts';
import { isOfType } from './type-condition.ts';

/**
 * Runs a step of the plan. What it fetches is merged into the objects; what fails is noted in `execution.failures`.
 *
 * @param objects The data's root, or what a Flatten step found below it.
 */
export async function runStep(
  execution: Execution,
  step: PlanStep,
  objects: readonly DataRecord[],
): Promise<void> {
  switch (step.kind) {
    case 'Sequence':
      for (const each of step.steps) await runStep(execution, each, objects);
      return;
    case 'Parallel':
      await Promise.all(step.steps.map((each) => runStep(execution, each, objects)));
      return;
    case 'Flatten': {
      const found = step.paths.flatMap((path) => objectsAt(execution.schema, objects, path));
      if (found.length > 0) await runStep(execution, step.step, found);
      return;
    }
    case 'Fetch':
      await runFetch(execution, step, objects);
  }
}

/** Lists on the way are entered whether the path says so or not. */
function objectsAt(
  schema: GraphQLSchema,
  objects: readonly DataRecord[],
  path: DataPath,
): readonly DataRecord[] {
  let found: unknown[] = [...objects];
  for (const step of path) {
    switch (step.kind) {
      case 'ITEMS':
        found = found.flat();
        break;
      case 'KEY':
        found = found.flatMap(itemsOf).map((it) => (isRecord(it) ? own(it, step.key) : null));
        break;
      case 'TYPE':
        found = found.flatMap(itemsOf).filter((it) => isRecord(it) && isOfType(schema, it, step.names));
    }
  }
  return found.flatMap(itemsOf).filter(isRecord);
}

function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flatMap(itemsOf) : [value];
}
