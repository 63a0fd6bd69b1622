import { normaliseName, soundsOf } from './name.ts';

/**
 * Keys under which a child is found although the day or month of birth was mistyped: how family and given name sound,
 * with the year of birth, `SM0.JN.2012`. None without names or date of birth: such a child is found by number alone.
 */
export function searchKeys(identity: {
  readonly givenNames: readonly string[];
  readonly familyName: string | undefined;
  readonly dateOfBirth: string | null;
}): string[] {
  if (identity.dateOfBirth === null || identity.familyName === undefined) return [];
  const year = identity.dateOfBirth.slice(0, 4);
  const family = soundsOf(normaliseName(identity.familyName));
  const given = identity.givenNames.flatMap((name) => soundsOf(normaliseName(name)));
  return [...new Set(family.flatMap((sound) => given.map((other) => `${sound}.${other}.${year}`)))];
}
