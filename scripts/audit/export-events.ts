import { isAggregate } from '@contactpoint/audit-log/origin';
import type { LogSource } from '@contactpoint/audit-verifier/log-source';
import type { AuditEvent } from '@medplum/fhirtypes';
import { joinLeaves, type LoggedLeaf } from '../policy/logged-events.ts';
import { AuditCommandError } from './audit-command-error.ts';
import { auditEventsOf } from './fhir/audit-events.ts';
import { brokenRules } from './fhir/balp-rules.ts';
import { ocsfEventOf } from './ocsf/api-activity.ts';
import { openWholeFile, type WholeFile } from './whole-file.ts';

export interface ExportEventsOptions {
  /** Files for FHIR and for OCSF, which must not be there yet; at least one. */
  readonly fhir?: string;
  readonly ocsf?: string;
  /** Events from then on. */
  readonly since?: Date;
  readonly onProgress?: (leaves: number) => void;
}

/** What was written, and what could not be. */
export interface EventsSummary {
  readonly events: number;
  /** FHIR resources: one for each child of an event. */
  readonly auditEvents: number;
  /** Leaves of which only the hash is left. */
  readonly pruned: number;
  /** Leaves that are no events of a version that is known here, and events of which parts are missing. */
  readonly unreadable: number;
}

/**
 * Writes the events of every log as lines of JSON, in a standard's words.
 *
 * @throws AuditCommandError when a file is there already, and at the first event whose FHIR would break a rule; LogFault
 *   where a log is not whole. What was written until then stays, as `NAME.part`.
 */
export async function exportEvents(source: LogSource, options: ExportEventsOptions): Promise<EventsSummary> {
  const { fhir, ocsf, since } = options;
  const files: WholeFile[] = [];
  const summary = { events: 0, auditEvents: 0, pruned: 0, unreadable: 0 };
  try {
    const open = async (file: string | undefined) => {
      if (file !== undefined) files.push(await openWholeFile(file, { replaces: false }));
      return file === undefined ? undefined : files.at(-1);
    };
    const fhirLines = await open(fhir);
    const ocsfLines = await open(ocsf);

    const leaves = readLeaves(source, options.onProgress, () => summary.pruned++);
    for await (const { receipt, event, complete } of joinLeaves(leaves)) {
      if (event === undefined || !complete) summary.unreadable++;
      if (event === undefined || (since !== undefined && Date.parse(event.at) < since.getTime())) continue;
      summary.events++;
      if (fhirLines !== undefined) {
        const auditEvents = auditEventsOf(event, receipt);
        summary.auditEvents += auditEvents.length;
        for (const auditEvent of auditEvents) {
          requireRules(auditEvent, receipt);
          await fhirLines.write(lineOf(auditEvent));
        }
      }
      await ocsfLines?.write(lineOf(ocsfEventOf(event, receipt)));
    }
    for (const lines of files) await lines.keep();
  } finally {
    for (const lines of files) await lines.close();
  }
  return summary;
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** Whoever receives a resource that claims a profile believes the claim: none is written that does not hold. */
function requireRules(auditEvent: AuditEvent, receipt: string): void {
  const broken = brokenRules(auditEvent);
  if (broken.length === 0) return;
  throw new AuditCommandError(`The AuditEvent of ${receipt} breaks rules of FHIR: ${broken.join('; ')}`);
}

async function* readLeaves(
  source: LogSource,
  onProgress: ExportEventsOptions['onProgress'],
  onPruned: () => void,
): AsyncGenerator<LoggedLeaf> {
  let read = 0;
  for (const origin of await source.origins()) {
    if (isAggregate(origin)) continue;
    for await (const { first, leaves } of source.log(origin).leaves()) {
      for (const [place, leaf] of leaves.entries()) {
        if (leaf === undefined) onPruned();
        else yield { origin, index: String(first + place), leaf };
      }
      read += leaves.length;
      onProgress?.(read);
    }
  }
}
