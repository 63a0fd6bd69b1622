import { readFileSync } from 'node:fs';
import { isRole, type Role } from '@contactpoint/access/role';
import * as v from 'valibot';
import { ConfigError } from '../config-error.ts';
import { type BrowseLimits, DEFAULT_LIMITS, type LimitsByRole } from './limits.ts';

/** A limit above it would be none: no person opens a record every third of a second for an hour. */
const MOST = 10_000;

const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST)));

const LimitsOfRole = v.strictObject({
  recordsPerHour: limit,
  recordsPerDay: limit,
  childrenPerDay: limit,
  missesPerHour: limit,
} satisfies Record<keyof BrowseLimits, unknown>);

const LimitsFile = v.pipe(
  // A record passes over `constructor` in silence, and whoever wrote it would believe it to hold.
  v.custom<object>(
    (limits) => typeof limits === 'object' && limits !== null && Object.keys(limits).every(isRole),
  ),
  v.record(v.string(), LimitsOfRole),
);

/**
 * Limits by role, where a deployment has its own: `{"teacher": {"recordsPerHour": 40}}`. What the file does not name is
 * as in `DEFAULT_LIMITS`; nothing in it takes a limit away.
 *
 * @param file As in `BROWSE_LIMITS_FILE`; the defaults where it is undefined.
 * @throws ConfigError for a file that cannot be read, an unknown role or limit, and a limit that is not a whole number
 *   from 1 to 10 000.
 */
export function readBrowseLimits(file: string | undefined): LimitsByRole {
  if (file === undefined) return DEFAULT_LIMITS;
  const parsed = v.safeParse(LimitsFile, jsonOf(file));
  if (!parsed.success) {
    const path = v.getDotPath(parsed.issues[0]);
    const place = path === null ? '' : ` (at ${path.replace(/[^A-Za-z.-]/g, '').slice(0, 80)})`;
    throw new ConfigError(
      `BROWSE_LIMITS_FILE holds something else than whole numbers from 1 to ${MOST} by role and limit${place}`,
    );
  }
  const roles = Object.entries(DEFAULT_LIMITS) as [Role, BrowseLimits][];
  return Object.fromEntries(
    roles.map(([role, defaults]) => [role, { ...defaults, ...defined(parsed.output[role] ?? {}) }]),
  ) as Record<Role, BrowseLimits>;
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigError('BROWSE_LIMITS_FILE names a file that cannot be read as JSON', { cause });
  }
}

function defined(limits: Readonly<Record<string, number | undefined>>): Partial<BrowseLimits> {
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
}
