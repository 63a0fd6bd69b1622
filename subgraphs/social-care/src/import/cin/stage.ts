import { calendarDate } from '../calendar.ts';
import { Fields } from '../fields.ts';
import { type RefusalReason, RowRefused } from '../refusal.ts';
import { Repeats } from '../repeats.ts';
import type { Account } from '../report.ts';
import type { Staging } from '../staging.ts';
import { readChild } from './child.ts';
import { childOf, childrenOf, type Element } from './element.ts';
import {
  readAssessment,
  readEnquiry,
  readEpisode,
  readField,
  readNeedPlan,
  readProtectionPlan,
  readReview,
} from './rows.ts';
import { CIN_CHILDREN, CIN_ROWS, type CinRowName } from './tables.ts';

/** Parts of an episode that are rows of their own: their element, their reader and what holds their first day. */
const PARTS = [
  { name: 'assessments', element: 'Assessments', read: readAssessment, day: 'AssessmentActualStartDate' },
  { name: 'needPlans', element: 'CINPlanDates', read: readNeedPlan, day: 'CINPlanStartDate' },
  { name: 'enquiries', element: 'Section47', read: readEnquiry, day: 'S47ActualStartDate' },
  { name: 'plans', element: 'ChildProtectionPlans', read: readProtectionPlan, day: 'CPPstartDate' },
] as const;

/** A child as far as its rows need it. */
interface StagedFor {
  readonly ref: string;
  readonly earliest: string | null;
}

/** Checks the children of one census, one after the other, and stages what may be taken of them. */
export class CinStager {
  readonly #staging: Staging;
  readonly #account: Account;
  readonly #file: string;
  readonly #authority: string;
  readonly #repeats = new Repeats();

  constructor(staging: Staging, account: Account, file: string, authority: string) {
    this.#staging = staging;
    this.#account = account;
    this.#file = file;
    this.#authority = authority;
  }

  async stage(element: Element): Promise<void> {
    this.#account.met(CIN_CHILDREN);
    const child = await this.#stageChild(element);
    for (const episode of childrenOf(element, 'CINdetails')) await this.#stageEpisode(episode, child);
  }

  /** Undefined when the child was quarantined. */
  async #stageChild(element: Element): Promise<StagedFor | undefined> {
    const identifiers = this.#fields(childOf(element, 'ChildIdentifiers') ?? element);
    const characteristics = this.#fields(childOf(element, 'ChildCharacteristics') ?? element);
    const { place } = identifiers;
    try {
      const child = readChild(element, identifiers, characteristics, this.#authority);
      const { identity, disabilities, earliest, dropped } = child;
      const repeat = this.#repeats.compare([CIN_CHILDREN, identity.localId], child);
      if (repeat === 'contradicted') throw new RowRefused('CONTRADICTS_EARLIER_ROW');
      // The same child once more, perhaps with further episodes.
      if (repeat === 'repeated') this.#account.taken(CIN_CHILDREN, { unchanged: 1 });
      else {
        if (dropped !== undefined) this.#account.drop(place, dropped, 'UPN');
        await this.#staging.child({ identity, place, columns: { disabilities } });
      }
      return { ref: identity.ref, earliest };
    } catch (error) {
      this.#quarantine(error, CIN_CHILDREN, element);
      return undefined;
    }
  }

  async #stageEpisode(episode: Element, child: StagedFor | undefined): Promise<void> {
    const isTaken = await this.#stageRow(
      'episodes',
      episode,
      child,
      'CHILD_NOT_TAKEN',
      (fields, earliest) => {
        const row = readEpisode(episode, fields, earliest);
        return { day: row.receivedOn, row };
      },
    );
    const owner = isTaken ? child : undefined;
    const reason = child === undefined ? 'CHILD_NOT_TAKEN' : 'EPISODE_NOT_TAKEN';
    for (const { name, element, read, day } of PARTS) {
      for (const part of childrenOf(episode, element)) {
        await this.#stageRow(name, part, owner, reason, (fields, earliest) => ({
          row: read(part, fields, earliest),
          day: fields.date(day),
        }));
        for (const review of childrenOf(part, 'Reviews').flatMap((all) => childrenOf(all, 'CPPreviewDate'))) {
          await this.#stageRow('reviews', review, owner, reason, (fields, earliest) => {
            const row = readReview(review, fields, earliest);
            return { day: row.heldOn, row };
          });
        }
      }
    }
  }

  /**
   * @param reason Why the row is not taken when there is nobody to take it for.
   * @returns Whether the row may be taken.
   */
  async #stageRow(
    name: CinRowName,
    element: Element,
    child: StagedFor | undefined,
    reason: RefusalReason,
    read: (fields: Fields, earliest: string | null) => { readonly day: string; readonly row: object },
  ): Promise<boolean> {
    const kind = CIN_ROWS[name];
    this.#account.met(kind.name);
    const fields = this.#fields(element);
    try {
      if (child === undefined) throw new RowRefused(reason);
      const { day, row } = read(fields, child.earliest);
      const repeat = this.#repeats.compare([kind.name, child.ref, day], row);
      if (repeat === 'contradicted') throw new RowRefused('CONTRADICTS_EARLIER_ROW');
      await this.#staging.row(kind, child.ref, fields.place, repeat === 'repeated' ? null : row);
      return true;
    } catch (error) {
      this.#quarantine(error, kind.name, element);
      return false;
    }
  }

  #fields(element: Element): Fields {
    return new Fields(
      { file: this.#file, line: element.line },
      (field) => readField(element, field),
      calendarDate,
    );
  }

  /** The place is the line of the wrong field where the element has it, else the element's own. */
  #quarantine(error: unknown, kind: string, element: Element): void {
    if (!(error instanceof RowRefused)) throw error;
    const { reason, field } = error;
    const line = (field === undefined ? undefined : lineOf(element, field)) ?? element.line;
    this.#account.quarantine(kind, { file: this.#file, line }, reason, field);
  }
}

function lineOf(element: Element, field: string): number | undefined {
  if (element.name === field) return element.line;
  for (const child of element.children) {
    // Parts below an episode have fields of the same name and are rows of their own.
    if (child.name !== field && child.children.length > 0 && element.name === 'CINdetails') continue;
    const line = lineOf(child, field);
    if (line !== undefined) return line;
  }
  return undefined;
}
