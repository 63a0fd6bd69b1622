/** What tells one log from every other: a gateway instance starts a log of its own at every boot. */
export interface LogIdentity {
  /** Who runs it, as a domain name: `contactpoint.local`. */
  readonly deployment: string;
  /** `gateway-1`. */
  readonly instance: string;
  readonly boot: Boot;
}

export interface Boot {
  readonly at: Date;
  /** Hex digits: two boots within a second are still two logs. */
  readonly random: string;
}

/** Instances that are commands: each writes a log of its own, and asks no agency anything. */
export const COMMAND_INSTANCES: readonly string[] = ['import', 'retention', 'export'];

/**
 * Name of a log, `contactpoint.local/gateway-1/20261122T101500Z-4f2a`. It is the first line of its checkpoints and the
 * name of their key, so it takes no space and no plus sign.
 *
 * @throws RangeError naming the part that does not fit.
 * @see https://c2sp.org/tlog-checkpoint
 */
export function originOf({ deployment, instance, boot }: LogIdentity): string {
  for (const [name, text, form] of [
    ['deployment', deployment, /^[a-z0-9.-]{1,100}$/],
    ['instance', instance, /^[a-z0-9-]{1,60}$/],
    ['boot', boot.random, /^[0-9a-f]{4,32}$/],
  ] as const) {
    if (!form.test(text)) throw new RangeError(`The log's ${name} does not fit ${form}: ${text}`);
  }
  const second = boot.at.toISOString().replace(/\.\d{3}Z$/, 'Z');
  return `${deployment}/${instance}/${second.replaceAll(/[-:]/g, '')}-${boot.random}`;
}

/** Name of the log of logs within its deployment. */
const AGGREGATE = 'aggregate';

/**
 * Name of the log of logs: its leaves are the checkpoints of all others of a deployment.
 *
 * @param name The deployment's, or that of any log of it.
 */
export function aggregateOf(name: string): string {
  return `${name.split('/', 1)[0]}/${AGGREGATE}`;
}

/** Whether it is the log of logs of its deployment. */
export function isAggregate(origin: string): boolean {
  return origin === aggregateOf(origin);
}

/** When the boot of a log was, to the second; undefined for a name that `originOf` did not make. */
export function bootTimeOf(origin: string): Date | undefined {
  const [, day, time] = /\/(\d{8})T(\d{6})Z-[0-9a-f]+$/.exec(origin) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  const boot = new Date(`${date}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`);
  return Number.isNaN(boot.getTime()) ? undefined : boot;
}
