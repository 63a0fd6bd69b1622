import type { ChangeGroup } from '@contactpoint/access/replay/change-tally';
import type { PolicyDiff, Reservations } from './diff.ts';

/** The diff for people: group by group what opens and closes, then what it could not go by. */
export function showDiff({
  old,
  new: changed,
  events,
  decisions,
  changed: count,
  groups,
  reservations,
}: PolicyDiff): string {
  const paragraphs = [
    `OLD ${old}\nNEW ${changed}`,
    ...groups.map(showGroup),
    ...showReservations(reservations),
    `${plural(decisions, 'decision')} in ${plural(events, 'event')}: ${count === 0 ? 'none would change' : `${count} would or could change`}.`,
  ];
  return paragraphs.map((paragraph) => `${paragraph}\n`).join('\n');
}

function showGroup(group: ChangeGroup): string {
  const { role, purpose, override, sector, class: name, coordinate, effect, would, could } = group;
  const counts = [
    would === 0 ? undefined : `${would} would change`,
    could === 0 ? undefined : `${could} could, by what the log does not say`,
  ].filter((each) => each !== undefined);
  return [
    `${role}, ${purpose}${override ? ' with break-glass' : ''}: ${sector} ${name} ${coordinate} ${effect === 'OPENS' ? 'opens' : 'closes'}`,
    `  ${counts.join(', ')}`,
    `  decided by ${list(group.oldPolicies)}, then by ${list(group.newPolicies)}`,
    ...group.examples.map((receipt) => `  ${receipt}`),
  ].join('\n');
}

function showReservations(reservations: Reservations): string[] {
  const {
    otherPolicySets,
    otherSupergraphs,
    unexplained,
    refused,
    mediated,
    unknownCoordinates,
    incomplete,
    unreadable,
  } = reservations;
  const notes = [
    ...Object.entries(otherPolicySets).map(
      ([hash, count]) => `${plural(count, 'decision')} by policy set ${hash}, which is not OLD`,
    ),
    ...Object.entries(otherSupergraphs).map(
      ([hash, count]) =>
        `${plural(count, 'decision')} under supergraph ${hash || 'unnamed'}, which is not the present one`,
    ),
    ...Object.entries(unknownCoordinates).map(
      ([coordinate, count]) =>
        `${coordinate} is not in the supergraph and was not compared, ${plural(count, 'decision')}`,
    ),
    ...note(unexplained, 'decision', 'that OLD would not have made: compared for all that may have held'),
    ...note(refused, 'child', 'in requests refused as a whole, for a limit or a failure: not compared'),
    ...note(
      mediated,
      'decision',
      "for a caller on whose behalf somebody read: the mediator's part is not replayed",
    ),
    ...note(incomplete, 'event', 'of which parts are missing'),
    ...note(unreadable, 'leaf', 'that is no event of a version known here'),
  ];
  return notes.length === 0
    ? []
    : [['Not all of it could be compared as it was:', ...notes.map((each) => `  ${each}`)].join('\n')];
}

function note(count: number, noun: string, rest: string): string[] {
  return count === 0 ? [] : [`${plural(count, noun)} ${rest}`];
}

const PLURALS: Readonly<Record<string, string>> = { leaf: 'leaves', child: 'children' };

function plural(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count} ${PLURALS[noun] ?? `${noun}s`}`;
}

function list(ids: readonly string[]): string {
  return ids.length === 0 ? 'no policy' : ids.join(', ');
}
