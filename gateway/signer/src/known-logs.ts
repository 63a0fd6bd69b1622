import { aggregateOf } from '@contactpoint/audit-log/origin';
import { treeRoot } from '@contactpoint/audit-log/tiled-tree';
import type { CheckpointKeys } from './checkpoint-keys.ts';
import { isLogOf } from './origins.ts';
import { SettingError } from './setting-error.ts';
import { hasSameRoot, readSignedCheckpoint, type SignedCheckpoint } from './signed-checkpoint.ts';
import type { SignedState } from './signed-state.ts';
import type { SignerSession } from './signer-session.ts';

export interface KnownLogsOptions {
  readonly session: SignerSession;
  readonly state: SignedState;
  readonly keys: CheckpointKeys;
  readonly deployment: string;
  /** Whether to believe the newest checkpoint that the database holds, where it bears our signature. */
  readonly adopt: boolean;
}

/**
 * Makes sure that the folder remembers every checkpoint of this deployment that the database holds: a signer that has
 * lost its memory would sign whatever it is shown. With `adopt` the newest notes are taken into it, each under a
 * signature of our own; what was signed later, and is not in this database, is forgotten then.
 *
 * @returns How many were adopted.
 * @throws SettingError naming the first log whose checkpoints the folder does not know, or that cannot be adopted.
 */
export async function requireKnownLogs(options: KnownLogsOptions): Promise<number> {
  const { session, state, deployment, adopt } = options;
  const newest = await session.read(
    (sql) => sql<{ origin: string; size: bigint; root_hash: Buffer; signed_note: string }[]>`
      select log.origin, last.size, last.root_hash, last.signed_note
      from (select origin from writer_session union select ${aggregateOf(deployment)}) as log,
        lateral (
          select * from checkpoint where checkpoint.origin = log.origin order by size desc limit 1
        ) as last`,
  );
  const unknown = newest.filter(({ origin, size }) => {
    if (origin !== aggregateOf(deployment) && !isLogOf(deployment, origin)) return false;
    const known = state.get(origin);
    return known === undefined || known.signed.size < size;
  });
  const [first] = unknown;
  if (first === undefined) return 0;
  if (!adopt)
    throw new SettingError(
      'SIGNER_STATE',
      `does not remember checkpoints that the database holds (${unknown.length} logs, such as ${first.origin}): ` +
        'restore the folder, or start once with --adopt to believe the database',
    );
  const adopted: SignedCheckpoint[] = [];
  for (const { origin, signed_note: note } of unknown) adopted.push(await adoptable(options, origin, note));
  await state.keep(adopted);
  return adopted.length;
}

async function adoptable(options: KnownLogsOptions, origin: string, note: string): Promise<SignedCheckpoint> {
  if (!options.keys.vouchFor(origin, note))
    throw new SettingError('SIGNER_STATE', `cannot adopt ${origin}: no key of ours signed its checkpoint`);
  const signed = readSignedCheckpoint(note);
  const known = options.state.get(origin)?.signed;
  if (signed.origin !== origin || (known !== undefined && !(await isBeginningOf(options, known))))
    throw new SettingError('SIGNER_STATE', `cannot adopt ${origin}: it contradicts what is remembered`);
  return signed;
}

/** Whether the log in the database begins with what is remembered. */
async function isBeginningOf(
  { session, deployment }: KnownLogsOptions,
  known: SignedCheckpoint,
): Promise<boolean> {
  const table = known.origin === aggregateOf(deployment) ? 'aggregate_leaf' : 'leaf';
  return hasSameRoot(known, { root: await treeRoot(session.tiles(known.origin, table), known.size) });
}
