import type { Facts } from '@contactpoint/access/facts';
import type { Caller } from './caller.ts';
import { CHILDREN } from './world.ts';

const TEAM: Facts = { relationship: 'TEAM', shielded: false, ownRecord: false };

/** A social worker on a child protection enquiry, in the team of every child, without scopes. */
export function socialWorker(change: Partial<Caller> = {}): Caller {
  return {
    practitionerId: 'p-social-worker',
    role: 'social-worker',
    purpose: 'S47',
    scopes: [],
    facts: Object.fromEntries(CHILDREN.map((child) => [child, TEAM])),
    ...change,
  };
}

/** Knows a child's name and region, and how it attends its own school. */
export function teacher(change: Partial<Caller> = {}): Caller {
  return socialWorker({ practitionerId: 'p-teacher', role: 'teacher', purpose: 'ED', ...change });
}
