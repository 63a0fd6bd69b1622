import type { FragmentDefinitionNode, SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';
import { type DataRecord, emptyRecord, isRecord, own, recordMaker } from './record.ts';

/** Response keys that a fetch's text asks for; null for a leaf. Fragments are merged whatever their type. */
export interface AnswerShape extends ReadonlyMap<string, AnswerShape | null> {}

export function shapeOfAnswer(
  selections: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  shape: Map<string, AnswerShape | null> = new Map(),
): AnswerShape {
  for (const selection of selections.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      const below = shape.get(key);
      if (selection.selectionSet === undefined) shape.set(key, null);
      else shape.set(key, shapeOfAnswer(selection.selectionSet, fragments, new Map(below ?? [])));
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      shapeOfAnswer(selection.selectionSet, fragments, shape);
    } else {
      const fragment = fragments.get(selection.name.value);
      if (fragment !== undefined) shapeOfAnswer(fragment.selectionSet, fragments, shape);
    }
  }
  return shape;
}

/** Copies what was asked for into objects without prototype, and nothing else: an answer cannot bring keys of its own. */
export type AnswerCopy = (answer: DataRecord) => DataRecord;

/** Made once for a text, so that the objects of one place of it are alike. */
export function answerCopy(shape: AnswerShape): AnswerCopy {
  const makeRecord = recordMaker();
  const fields = [...shape].map(([key, below]) => ({
    key,
    copy: below === null ? copyLeaf : compositeCopy(answerCopy(below)),
  }));
  return (answer) => {
    const record = makeRecord();
    for (const { key, copy } of fields) {
      const value = own(answer, key);
      if (value !== undefined) record[key] = copy(value);
    }
    return record;
  };
}

/**
 * Stands where a value was nested deeper than any that a schema knows, and is right for no type. Whoever walked such a value,
 * or wrote it out, would run out of stack.
 */
export const TOO_DEEP = Symbol('too deep');

/** Lists and objects within one another, in one value. */
const DEEPEST = 64;

function compositeCopy(copyObject: AnswerCopy): (value: unknown) => unknown {
  const copy = (value: unknown, depth: number): unknown => {
    if (!Array.isArray(value)) {
      // Anything but an object is left for shaping to refuse.
      return isRecord(value) ? copyObject(value) : value;
    }
    return depth === DEEPEST ? TOO_DEEP : value.map((item) => copy(item, depth + 1));
  };
  return (value) => copy(value, 0);
}

function copyLeaf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  try {
    return copyNested(value, 0);
  } catch (cause) {
    if (cause !== TOO_DEEP) throw cause;
    return TOO_DEEP;
  }
}

/**
 * A leaf is an object only for a custom scalar.
 *
 * @throws TOO_DEEP: what was left out of a value would make it another one.
 */
function copyNested(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) throw TOO_DEEP;
  if (Array.isArray(value)) return value.map((item) => copyNested(item, depth + 1));
  const copy = emptyRecord();
  for (const [key, item] of Object.entries(value)) {
    if (key !== '__proto__' && key !== 'constructor') copy[key] = copyNested(item, depth + 1);
  }
  return copy;
}
