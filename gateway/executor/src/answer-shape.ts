import type { FragmentDefinitionNode, SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';
import { type DataRecord, emptyRecord, isRecord, own } from './record.ts';

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
export function copyAsked(answer: DataRecord, shape: AnswerShape): DataRecord {
  const copy = emptyRecord();
  for (const [key, below] of shape) {
    const value = own(answer, key);
    if (value !== undefined) copy[key] = below === null ? copyLeaf(value) : copyComposite(value, below);
  }
  return copy;
}

function copyComposite(value: unknown, shape: AnswerShape): unknown {
  if (Array.isArray(value)) return value.map((item) => copyComposite(item, shape));
  // Anything but an object is left for shaping to refuse.
  return isRecord(value) ? copyAsked(value, shape) : value;
}

/** A leaf is an object only for a custom scalar. */
function copyLeaf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyLeaf);
  if (!isRecord(value)) return value;
  const copy = emptyRecord();
  for (const [key, item] of Object.entries(value)) {
    if (key !== '__proto__' && key !== 'constructor') copy[key] = copyLeaf(item);
  }
  return copy;
}
