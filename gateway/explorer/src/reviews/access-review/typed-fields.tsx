import { TextField } from '../../layout/text-field.tsx';

/** Something that an officer types for a mutation. */
export interface TypedField {
  /** Its variable. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type: 'text' | 'date' | 'long';
  /** What is wrong with it; undefined where nothing is. */
  readonly problemOf: (value: string) => string | undefined;
}

/** By variable. */
export type Typed = Readonly<Record<string, string>>;

export const filled = (what: string) => (value: string) =>
  value.trim() === '' ? `${what} is missing.` : undefined;

/** The first thing that is wrong with what was typed. */
export function problemOf(fields: readonly TypedField[], typed: Typed): string | undefined {
  return fields.map((field) => field.problemOf(typed[field.name] ?? '')).find(Boolean);
}

export function TypedFields({
  fields,
  typed,
  onType,
}: {
  readonly fields: readonly TypedField[];
  readonly typed: Typed;
  readonly onType: (typed: Typed) => void;
}) {
  return fields.map(({ name, label, hint, type }) => (
    <TextField
      key={name}
      label={label}
      {...(hint === undefined ? {} : { hint })}
      type={type}
      value={typed[name] ?? ''}
      onChange={(value) => onType({ ...typed, [name]: value })}
    />
  ));
}
