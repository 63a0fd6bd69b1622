import type { AttendanceRecord } from './record.ts';

/**
 * True when 10 % or more of the possible sessions were missed; null when there were none to miss. Counted in whole
 * sessions: 0.1 has no exact double.
 *
 * @see https://www.gov.uk/government/publications/working-together-to-improve-school-attendance
 */
export function isPersistentlyAbsent({
  sessionsPossible,
  sessionsAttended,
}: Pick<AttendanceRecord, 'sessionsPossible' | 'sessionsAttended'>): boolean | null {
  if (sessionsPossible === 0) return null;
  return (sessionsPossible - sessionsAttended) * 10 >= sessionsPossible;
}
