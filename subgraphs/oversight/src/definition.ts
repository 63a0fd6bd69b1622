import { readContract } from '@contactpoint/contract/sdl';
import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import type { SubgraphDefinition } from '@contactpoint/subgraph-kit/subgraph';
import { agencyRoutes } from './agencies/agency-routes.ts';
import { comparisonRoutes } from './alerts/comparison-routes.ts';
import { type AlertSettings, DEFAULT_ALERT_SETTINGS } from './alerts/settings.ts';
import { AlertWatch } from './alerts/watch.ts';
import { ownAnswerRoute } from './events/own-answer.ts';
import { FigureCount } from './figures/figure-count.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import { Projection } from './projection/projection.ts';
import { resolvers } from './resolvers.ts';
import { owedReviewsRoutes } from './review/owed-reviews.ts';

export interface OversightOptions {
  /** URL of the log's database, as a role that may only select. */
  readonly auditUrl: string;
  /** What the rules for alerts go by; the defaults where it is absent. */
  readonly alerts?: AlertSettings;
}

/** Milliseconds between two readings of the log without a question: what a question must wait for stays small. */
const FOLLOW_INTERVAL = 1_000;

/** Milliseconds between two looks at all rows and all logs, the first one at the start. */
const THOROUGH_INTERVAL = 600_000;

/** Milliseconds for one statement on the log's database. */
const STATEMENT_TIMEOUT = 10_000;

/**
 * Reads the audit log for those who review it. Its store is a projection of the log, and of the log's database it only
 * reads: what was recorded cannot be changed from here.
 *
 * @returns The definition of one running subgraph; it opens its connections when it is built and ends them with it.
 */
export function oversightSubgraph({
  auditUrl,
  alerts: settings = DEFAULT_ALERT_SETTINGS,
}: OversightOptions): SubgraphDefinition<Loaders> {
  const audit = connect(auditUrl, { max: 2, statementTimeout: STATEMENT_TIMEOUT });
  let rows: Pick<Loaders, 'projection' | 'alertWatch' | 'figureCount'> | undefined;
  const rowsIn = (store: Store) => {
    rows ??= {
      projection: new Projection({ store, audit }),
      alertWatch: new AlertWatch({ store, audit, settings }),
      figureCount: new FigureCount({ store }),
    };
    return rows;
  };
  return {
    name: 'oversight',
    typeDefs: readContract('oversight'),
    resolvers,
    migrations: new URL('../migrations/', import.meta.url),
    createLoaders: (store) => createLoaders(store, audit, rowsIn(store)),
    routes(app, services) {
      owedReviewsRoutes(app, services);
      comparisonRoutes(app, services, settings);
      agencyRoutes(app, services);
      const { store, clock } = services;
      const { projection, alertWatch } = rowsIn(store);
      ownAnswerRoute(app, services, projection);
      let lookedThrough = Number.NEGATIVE_INFINITY;
      const following = follow(
        async () => {
          await projection.catchUp();
          await alertWatch.look(clock());
          if (performance.now() - lookedThrough < THOROUGH_INTERVAL) return;
          await projection.lookThrough();
          lookedThrough = performance.now();
        },
        (cause) => app.log.warn({ code: codeOf(cause) }, 'the audit log could not be read'),
      );
      app.addHook('onClose', async () => {
        await following.stop();
        await audit.end({ timeout: 5 });
      });
    },
  };
}

/** Reads the log now and then; a failure is told once and tried again at the next turn. */
function follow(read: () => Promise<void>, onFailure: (cause: unknown) => void): { stop(): Promise<void> } {
  let failing = false;
  let turn: Promise<void> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    turn = read().then(
      () => {
        failing = false;
        busy = false;
      },
      (cause: unknown) => {
        if (!failing) onFailure(cause);
        failing = true;
        busy = false;
      },
    );
  }, FOLLOW_INTERVAL);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await turn;
    },
  };
}

function codeOf(cause: unknown): string {
  const { code, name } = cause as { readonly code?: string; readonly name?: string };
  return code ?? name ?? 'unknown';
}
