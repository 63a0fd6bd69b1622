import { type GraphQLNamedType, getNamedType, isEnumType, isSpecifiedScalarType } from 'graphql';
import { useEffect, useState } from 'react';
import type { FieldAccess } from './field-access.ts';
import type { AnyField } from './matching.ts';
import { readingWords } from './reading-words.ts';

export interface TypeSectionProps {
  readonly id: string;
  readonly type: GraphQLNamedType;
  readonly fields: readonly AnyField[];
  readonly access: ReadonlyMap<string, FieldAccess>;
  readonly isPurposeStated: boolean;
  readonly isOpen: boolean;
  /** Somebody wants to see another type. */
  readonly onType: (name: string) => void;
}

/** One type; its fields are made when it is opened. */
export function TypeSection({ id, type, fields, access, isPurposeStated, isOpen, onType }: TypeSectionProps) {
  const [open, setOpen] = useState(isOpen);
  useEffect(() => setOpen(isOpen), [isOpen]);
  return (
    <details id={id} open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <code>{type.name}</code>
      </summary>
      {open && (
        <>
          {type.description && <p>{type.description}</p>}
          {isEnumType(type) && (
            <ul>
              {type.getValues().map(({ name, description }) => (
                <li key={name}>
                  <code>{name}</code> {description}
                </li>
              ))}
            </ul>
          )}
          <ul className="fields">
            {fields.map((field) => (
              <li key={field.name}>
                <FieldSignature field={field} onType={onType} />
                {field.description && <p>{field.description}</p>}
                <FieldFacts
                  access={access.get(`${type.name}.${field.name}`)}
                  isPurposeStated={isPurposeStated}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </details>
  );
}

function FieldSignature({ field, onType }: { readonly field: AnyField } & Pick<TypeSectionProps, 'onType'>) {
  const named = getNamedType(field.type);
  const args = 'args' in field ? field.args : [];
  return (
    <p className="signature">
      <code>
        {field.name}
        {args.length > 0 && `(${args.map(({ name, type }) => `${name}: ${type}`).join(', ')})`}
        {': '}
      </code>
      {isSpecifiedScalarType(named) ? (
        <code>{String(field.type)}</code>
      ) : (
        <button type="button" className="link" onClick={() => onType(named.name)}>
          <code>{String(field.type)}</code>
        </button>
      )}
    </p>
  );
}

function FieldFacts({
  access,
  isPurposeStated,
}: { readonly access: FieldAccess | undefined } & Pick<TypeSectionProps, 'isPurposeStated'>) {
  if (access === undefined) return null;
  const isOfSeveral = access.readings.length > 1 && access.sensitivity !== 'REFERENCE';
  const readings = isOfSeveral ? access.readings : access.readings.slice(0, 1);
  return (
    <p className="facts">
      <span className="class" data-class={access.sensitivity}>
        {access.sensitivity}
        {access.minimal && ', minimal'}
      </span>{' '}
      <span className="agency">{access.agencies.join(', ')}</span>
      {isPurposeStated &&
        readings.map((reading) => {
          const { badge, more } = readingWords(reading);
          return (
            <span className="reading" key={reading.sector}>
              {' '}
              {isOfSeveral && `${reading.sector.toLowerCase().replace('_', ' ')}: `}
              <span className="badge" data-reading={reading.reading}>
                {badge}
              </span>
              {more !== '' && ` ${more}`}
            </span>
          );
        })}
    </p>
  );
}
