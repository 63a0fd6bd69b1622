import { type ComponentType, lazy } from 'react';
import type { Session } from './session/session.ts';

/** One page of the explorer. */
export interface View {
  /** Its address: `#/ID`. */
  readonly id: string;
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly sentence: string;
  /** Whether there is anything in it for who is signed in. What they may do there, the gateway decides. */
  readonly isFor: (session: Session) => boolean;
  readonly element: ComponentType;
  /** It puts copying and printing on record by itself. Around every other view the page does. */
  readonly recordsUse?: true;
}

/** In the order of the navigation. Each is loaded when it is first opened, and stays as it was left. */
export const VIEWS: readonly View[] = [
  {
    id: 'graphql',
    title: 'Ask',
    sentence: 'Ask in GraphQL, with operations that are ready for your role.',
    isFor: () => true,
    element: lazy(() => import('./graphiql/graphiql-view.tsx')),
    recordsUse: true,
  },
  {
    id: 'oversight',
    title: 'Oversight',
    sentence: 'How the system is used, what was withheld, and how agencies and accounts stand.',
    isFor: ({ scopes }) => scopes.includes('oversight:figures') || scopes.includes('accreditation:read'),
    element: lazy(() => import('./oversight/oversight-view.tsx')),
  },
  {
    id: 'access-review',
    title: 'Access review',
    sentence: 'Accounts that are dormant, lapsing or over quota, and what to do with them.',
    isFor: ({ scopes }) => scopes.includes('accreditation:read'),
    element: lazy(() => import('./reviews/access-review/access-review-view.tsx')),
  },
  {
    id: 'override-review',
    title: 'Override review',
    sentence: 'Break-glass accesses that wait for somebody to decide on them.',
    isFor: ({ scopes }) => scopes.includes('audit:review'),
    element: lazy(() => import('./reviews/override-review/override-review-view.tsx')),
  },
];
