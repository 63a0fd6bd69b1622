import { type Execution, runFetch } from './fetch.ts';
import { objectsAt } from './objects-at.ts';
import type { PlanStep } from './plan-step.ts';
import type { DataRecord } from './record.ts';
import { takeEvent } from './subscribe.ts';

/**
 * Runs a step of the plan. What it fetches is merged into the objects; what fails is noted in `execution.failures`.
 *
 * @param objects The data's root, or what a Flatten step found below it, each once.
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
      const found = objectsAt(execution.schema, objects, step.paths);
      if (found.length > 0) await runStep(execution, step.step, found);
      return;
    }
    case 'Fetch':
      if (step.operation === 'subscription') takeEvent(execution, step, objects);
      else await runFetch(execution, step, objects);
  }
}
