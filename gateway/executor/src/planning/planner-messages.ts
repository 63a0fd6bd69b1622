import type { MessagePort } from 'node:worker_threads';
import type { QueryPlan } from '@graphql-hive/router-query-planner';

/** What the planner's thread is started with. */
export interface PlannerThreadData {
  readonly supergraphSdl: string;
  readonly overrideLabels: ReadonlySet<string>;
  readonly port: MessagePort;
  /** Shared; `SAID` and `STATE` are places in it. */
  readonly progress: Int32Array<SharedArrayBuffer>;
}

export interface PlanRequest {
  readonly number: number;
  readonly query: string;
}

export type PlanReply =
  | { readonly number: number; readonly plan: QueryPlan }
  | { readonly number: number; readonly refused: string };

/** How often the thread has said something; whoever waits for it is woken by a change. */
const SAID = 0;

/** How far the thread is. */
const STATE = 1;

const STATES = ['BUILDING', 'READY', 'ENDED'] as const;

export type PlannerState = (typeof STATES)[number];

export function emptyProgress(): PlannerThreadData['progress'] {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

export function stateIn(progress: PlannerThreadData['progress']): PlannerState {
  return STATES[Atomics.load(progress, STATE)] ?? 'ENDED';
}

export function enter(progress: PlannerThreadData['progress'], state: PlannerState): void {
  Atomics.store(progress, STATE, STATES.indexOf(state));
  wake(progress);
}

/** Wakes whoever waits. */
export function wake(progress: PlannerThreadData['progress']): void {
  Atomics.add(progress, SAID, 1);
  Atomics.notify(progress, SAID);
}

export function saidIn(progress: PlannerThreadData['progress']): number {
  return Atomics.load(progress, SAID);
}

/** Returns once more was said than `seen`, or after as many milliseconds. */
export function waitFor(progress: PlannerThreadData['progress'], seen: number, longest: number): void {
  Atomics.wait(progress, SAID, seen, longest);
}
