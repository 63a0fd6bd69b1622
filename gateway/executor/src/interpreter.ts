import { runFetch } from './fetch.ts';
import type { PlanStep } from './planning/plan-step.ts';
import { objectsAt } from './records/objects-at.ts';
import type { DataRecord } from './records/record.ts';
import type { RunningOperation } from './running-operation.ts';
import { takeEvent } from './subscribe.ts';

/**
 * Runs a step of the plan. What it fetches is merged into the objects; what fails is noted in `running.failures`.
 *
 * @param objects The data's root, or what a Flatten step found below it, each once.
 */
export async function runStep(
  running: RunningOperation,
  step: PlanStep,
  objects: readonly DataRecord[],
): Promise<void> {
  switch (step.kind) {
    case 'Sequence':
      for (const each of step.steps) await runStep(running, each, objects);
      return;
    case 'Parallel':
      await Promise.all(step.steps.map((each) => runStep(running, each, objects)));
      return;
    case 'Flatten': {
      const found = objectsAt(running.schema, objects, step.paths);
      if (found.length > 0) await runStep(running, step.step, found);
      return;
    }
    case 'Fetch':
      if (step.operation === 'subscription') takeEvent(running, step, objects);
      else await runFetch(running, step, objects);
  }
}
