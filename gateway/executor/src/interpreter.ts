import { type Execution, runFetch } from './fetch.ts';
import type { PlanStep } from './plan-step.ts';
import { type DataRecord, isRecord, own } from './record.ts';

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
      const found = objectsAt(objects, step.path);
      if (found.length > 0) await runStep(execution, step.step, found);
      return;
    }
    case 'Condition': {
      const branch = execution.variables[step.variable] === true ? step.whenTrue : step.whenFalse;
      if (branch !== undefined) await runStep(execution, branch, objects);
      return;
    }
    case 'Fetch':
      await runFetch(execution, step, objects);
  }
}

/** Objects at a path of planned keys; lists on the way are entered whether the path says `@` or not. */
function objectsAt(objects: readonly DataRecord[], path: readonly string[]): readonly DataRecord[] {
  let found: unknown[] = [...objects];
  for (const key of path) {
    found =
      key === '@' ? found.flat() : found.flatMap(itemsOf).map((it) => (isRecord(it) ? own(it, key) : null));
  }
  return found.flatMap(itemsOf).filter(isRecord);
}

function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flatMap(itemsOf) : [value];
}
