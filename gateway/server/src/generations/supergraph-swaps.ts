import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { type SupergraphReading, versionOf } from '../supergraph-reading.ts';
import { asRefusal, SupergraphRefusal, type SupergraphRefusalCode } from './supergraph-refusal.ts';

/** Brings what stands in the file into service. */
export interface SupergraphSwaps {
  /**
   * Looks at the file: after the look that is under way, where there is one, together with whoever asks meanwhile. So one
   * is read at a time, and what stands in the file last is what is served. Never rejects.
   */
  look(): Promise<void>;
  readonly state: SwapState;
  /** Resolves when nothing is under way any more; nothing is brought into service after it was called. */
  close(): Promise<void>;
}

export interface SwapState {
  /** Of the supergraph that is served. */
  readonly version: string;
  /** How often another one came into service. */
  readonly swaps: number;
  /** How often one was refused, by code. */
  readonly refusals: ReadonlyMap<SupergraphRefusalCode, number>;
  /** Of what stands in the file, where that is not served. */
  readonly refused: SwapRefusal | undefined;
}

export interface SwapRefusal {
  readonly code: SupergraphRefusalCode;
  /** ISO 8601. */
  readonly at: string;
  /** Of what was refused; absent where nothing could be read. */
  readonly version?: string;
}

export interface SwapOptions<Generation> {
  readonly file: string;
  /** Version that is served at first. */
  readonly version: string;
  /** @throws SupergraphRefusal */
  readonly read: (sdl: string) => Promise<SupergraphReading>;
  /** @throws whatever refuses it. */
  readonly open: (reading: SupergraphReading) => Promise<Generation>;
  readonly replace: (next: Generation) => void;
  /** Lets go of what was opened and is not served. */
  readonly discard: (generation: Generation) => Promise<void>;
  readonly logger: Logger;
  readonly now: () => Date;
}

export function createSupergraphSwaps<Generation>(options: SwapOptions<Generation>): SupergraphSwaps {
  const { file, read, open, replace, discard, logger, now } = options;
  const refusals = new Map<SupergraphRefusalCode, number>();
  const state = {
    version: options.version,
    swaps: 0,
    refusals,
    refused: undefined as SwapRefusal | undefined,
  };
  let isClosed = false;
  let underWay: Promise<void> | undefined;
  let following: Promise<void> | undefined;

  const swap = async (): Promise<void> => {
    let version: string | undefined;
    try {
      const sdl = await readSdl(file);
      version = versionOf(sdl);
      if (version === state.version) {
        state.refused = undefined;
        return;
      }
      const began = performance.now();
      const next = await open(await read(sdl));
      if (isClosed) return await discard(next);
      replace(next);
      const former = state.version;
      Object.assign(state, { version, swaps: state.swaps + 1, refused: undefined });
      logger.info({ version, former, took: Math.round(performance.now() - began) }, 'supergraph swapped');
    } catch (cause) {
      const { code, message } = asRefusal(cause);
      // Told once for each look that found it; a file that stays as it is is not looked at again.
      refusals.set(code, (refusals.get(code) ?? 0) + 1);
      state.refused = { code, at: now().toISOString(), ...(version === undefined ? {} : { version }) };
      logger.error({ code, version, reason: message, serving: state.version }, 'supergraph refused');
    }
  };
  const start = (): Promise<void> => {
    const looking = swap().finally(() => {
      underWay = undefined;
    });
    underWay = looking;
    return looking;
  };

  return {
    state,
    look() {
      if (isClosed) return Promise.resolve();
      if (underWay === undefined) return start();
      // What is under way may have read the file already.
      following ??= underWay.then(() => {
        following = undefined;
        return isClosed ? undefined : start();
      });
      return following;
    },
    async close() {
      isClosed = true;
      await following;
      await underWay;
    },
  };
}

async function readSdl(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SupergraphRefusal('FILE_UNREADABLE', 'SUPERGRAPH_FILE names a file that cannot be read', {
      cause,
    });
  }
}
