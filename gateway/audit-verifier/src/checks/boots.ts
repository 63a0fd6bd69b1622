import type { Hash } from '@contactpoint/audit-log/merkle';
import type { Findings } from '../findings.ts';
import { readJson } from '../leaf-kind.ts';
import { instanceOf } from '../log-name.ts';

/** What the first leaf of a log says of the boot before it. */
export interface Boot {
  /** Absent in the first boot of an instance. */
  readonly previous?: { readonly origin: string; readonly size: number; readonly root: Hash };
}

/** How a log ended. */
export interface LogEnd {
  readonly origin: string;
  /** Undefined where the first leaf is no boot event. */
  readonly boot: Boot | undefined;
  readonly leaves: number;
  /** Head over all of them. */
  readonly root: Hash;
}

/** @returns undefined where the leaf is no boot event. */
export function readBoot(leaf: Uint8Array | undefined): Boot | undefined {
  const event = leaf && readJson(leaf);
  if (event?.['kind'] !== 'boot') return undefined;
  const previous = event['previous'];
  if (previous === undefined) return {};
  if (typeof previous !== 'object' || previous === null) return undefined;
  const { origin, size, rootHash } = previous as Readonly<Record<string, unknown>>;
  if (typeof origin !== 'string' || typeof size !== 'string' || typeof rootHash !== 'string')
    return undefined;
  return { previous: { origin, size: Number(size), root: Buffer.from(rootHash, 'base64') } };
}

/**
 * Looks whether the boots of each instance form one chain: each but the first names the one before it with the
 * checkpoint over everything that it held. A boot that was taken away, put in or written to afterwards breaks it.
 *
 * @param logs All but the aggregates.
 */
export function checkBoots(logs: readonly LogEnd[], findings: Findings): void {
  const byInstance = Map.groupBy(logs, ({ origin }) => instanceOf(origin));
  for (const boots of byInstance.values()) checkChain(boots, findings);
}

function checkChain(logs: readonly LogEnd[], findings: Findings): void {
  const byOrigin = new Map(logs.map((log) => [log.origin, log]));
  const successors = new Map<string, string>();
  let first: string | undefined;

  for (const { origin, boot } of logs) {
    const fault = (message: string) => findings.add({ code: 'BOOT_CHAIN', origin, index: 0, message });
    if (boot === undefined) {
      fault('the first leaf is not the event of a boot');
    } else if (boot.previous === undefined) {
      if (first !== undefined) fault(`it says that it is the first boot of its instance, as ${first} does`);
      first ??= origin;
    } else {
      const other = successors.get(boot.previous.origin);
      if (other !== undefined) fault(`it follows ${boot.previous.origin}, as ${other} does`);
      successors.set(boot.previous.origin, origin);
      checkLink(origin, boot.previous, byOrigin.get(boot.previous.origin), findings);
    }
  }
  checkBeginning(logs, first, successors, findings);
}

function checkLink(
  origin: string,
  previous: NonNullable<Boot['previous']>,
  end: LogEnd | undefined,
  findings: Findings,
): void {
  if (end === undefined) {
    const message = `${origin} follows it, and it is not there`;
    findings.add({ code: 'MISSING_LOG', origin: previous.origin, message });
    return;
  }
  if (end.leaves !== previous.size) {
    const message = `${origin} found ${previous.size} leaves in it, and there are ${end.leaves}`;
    const index = Math.min(end.leaves, previous.size);
    findings.add({ code: 'BOOT_CHAIN', origin: end.origin, index, message });
  } else if (Buffer.compare(end.root, previous.root) !== 0) {
    findings.add({ code: 'BOOT_CHAIN', origin: end.origin, message: `${origin} found another head in it` });
  }
}

/** Every boot is reached from the first one: no ring beside the chain, and no chain without a beginning. */
function checkBeginning(
  logs: readonly LogEnd[],
  first: string | undefined,
  successors: ReadonlyMap<string, string>,
  findings: Findings,
): void {
  const reached = new Set<string>();
  for (let at = first; at !== undefined && !reached.has(at); at = successors.get(at)) reached.add(at);
  const [lost] = logs.filter(({ origin, boot }) => boot?.previous !== undefined && !reached.has(origin));
  if (lost === undefined) return;
  findings.add({
    code: 'BOOT_CHAIN',
    origin: lost.origin,
    index: 0,
    message: 'no chain of boots leads to it from a first one',
  });
}
