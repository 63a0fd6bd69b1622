import { readFileSync } from 'node:fs';
import { SettingError } from '@contactpoint/subgraph-kit/setting-error';
import * as v from 'valibot';
import { type AlertSettings, DEFAULT_ALERT_SETTINGS } from './settings.ts';

/** So high that a rule finds nothing any more; more than that is a slip of the pen. */
const MOST = 10_000;

const count = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST)));
const hour = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(24)));
const names = v.optional(v.array(v.pipe(v.string(), v.nonEmpty())));

const SettingsFile = v.strictObject({
  officeHours: v.optional(v.strictObject({ from: hour, to: hour })),
  roundTheClock: v.optional(v.strictObject({ roles: names, organisations: names })),
  volume: v.optional(
    v.strictObject({ days: count, people: count, peerDays: count, deviations: count, children: count }),
  ),
  searchMisses: v.optional(
    v.strictObject({ most: count, mostOf: v.optional(v.record(v.string(), v.nonOptional(count))) }),
  ),
  breakGlass: v.optional(v.strictObject({ windows: count, days: count })),
  intentMinutes: count,
  importMinutes: count,
  famousReaders: count,
  relationship: v.optional(v.strictObject({ days: count, children: count, neededByAllBut: names })),
  area: v.optional(v.strictObject({ children: count, rolesWithout: names })),
  address: v.optional(v.strictObject({ children: count, rolesWithout: names })),
} satisfies Record<keyof AlertSettings, unknown>);

/**
 * Settings of a deployment of its own: `{"roundTheClock": {"organisations": ["TRUST-01"]}}`. What the file does not name is
 * as in `DEFAULT_ALERT_SETTINGS`; a list that it names replaces the default one. No rule can be turned off.
 *
 * @param file As in `ALERT_SETTINGS_FILE`; the defaults where it is undefined.
 * @throws SettingError for a file that cannot be read, an unknown name, and a figure that is no whole number from 1 to
 *   10 000, or no hour.
 */
export function readAlertSettings(file: string | undefined): AlertSettings {
  if (file === undefined || file === '') return DEFAULT_ALERT_SETTINGS;
  const json = jsonOf(file);
  // To valibot a list is an object as well.
  const parsed = v.safeParse(SettingsFile, isObject(json) ? json : undefined);
  if (!parsed.success) {
    const place = v
      .getDotPath(parsed.issues[0])
      ?.replace(/[^A-Za-z.-]/g, '')
      .slice(0, 80);
    throw new SettingError(
      'ALERT_SETTINGS_FILE',
      `holds something else than settings of alerts${place === undefined ? '' : ` (at ${place})`}`,
    );
  }
  return merged(DEFAULT_ALERT_SETTINGS, parsed.output) as AlertSettings;
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new SettingError('ALERT_SETTINGS_FILE', 'names a file that cannot be read as JSON', { cause });
  }
}

/** Of objects, part by part; of anything else what was given, where it was. */
function merged(defaults: unknown, given: unknown): unknown {
  if (given === undefined) return defaults;
  if (!isObject(defaults) || !isObject(given)) return given;
  const keys = new Set([...Object.keys(defaults), ...Object.keys(given)]);
  return Object.fromEntries([...keys].map((key) => [key, merged(defaults[key], given[key])]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
