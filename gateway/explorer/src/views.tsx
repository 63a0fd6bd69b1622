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
}

/** In the order of the navigation. Each is loaded when it is first opened, and stays as it was left. */
export const VIEWS: readonly View[] = [
  {
    id: 'graphql',
    title: 'Ask',
    sentence: 'Ask in GraphQL, with operations that are ready for your role.',
    isFor: () => true,
    element: lazy(() => import('./graphiql/graphiql-view.tsx')),
  },
];
