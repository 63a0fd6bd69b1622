import { useGraphiQL } from '@graphiql/react';
import { type GraphQLNamedType, isIntrospectionType, isSpecifiedScalarType } from 'graphql';
import { useDeferredValue, useEffect, useId, useMemo, useState } from 'react';
import { useStatedAccess } from '../bar/stated-access.ts';
import { useFieldAccess } from './field-access.ts';
import { matching } from './matching.ts';
import { referredType } from './referred-type.ts';
import { TypeSection } from './type-section.tsx';

/**
 * The schema as the reader may know it: what no purpose of theirs opens, the gateway has left out already. Of each field it
 * says the class of what it discloses, the agency, and whether it could be read for the purpose in the bar.
 */
export function FieldsPane() {
  const { schema, reference } = {
    schema: useGraphiQL(({ schema }) => schema),
    reference: useGraphiQL(({ schemaReference }) => schemaReference),
  };
  const fields = useFieldAccess();
  const { purpose } = useStatedAccess().stated;
  const [wanted, setWanted] = useState('');
  const [opened, setOpened] = useState<string>();
  const searched = useDeferredValue(wanted);
  const id = useId();
  const types = useMemo(() => (schema ? typesOf(Object.values(schema.getTypeMap()), schema) : []), [schema]);
  const found = useMemo(() => matching(types, searched), [types, searched]);
  useEffect(() => {
    const name = referredType(reference);
    if (name !== undefined) {
      setWanted('');
      setOpened(name);
    }
  }, [reference]);
  useEffect(() => {
    if (opened !== undefined) document.getElementById(`${id}-${opened}`)?.scrollIntoView({ block: 'start' });
  }, [opened, id]);

  return (
    <section className="fields-pane" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Fields</h2>
      <p className="hint">
        {purpose === ''
          ? 'Choose a purpose above to see what it would open to you.'
          : `What is open to you for ${purpose}. Fields that no purpose opens to your role are left out.`}
      </p>
      <label>
        Search{' '}
        <input
          type="search"
          value={wanted}
          placeholder="field, type or words"
          onChange={({ target }) => setWanted(target.value)}
        />
      </label>
      <p role="status" className="hint">
        {searched === '' ? '' : countWords(found.reduce((sum, { fields }) => sum + fields.length, 0))}
      </p>
      {found.map(({ type, fields: shown }) => (
        <TypeSection
          key={type.name}
          id={`${id}-${type.name}`}
          type={type}
          fields={shown}
          access={fields}
          isPurposeStated={purpose !== ''}
          isOpen={searched !== '' || opened === type.name}
          onType={(name) => {
            setWanted('');
            setOpened(name);
          }}
        />
      ))}
    </section>
  );
}

function countWords(count: number): string {
  return count === 1 ? 'One field found' : `${count} fields found`;
}

type Schema = NonNullable<Parameters<Parameters<typeof useGraphiQL>[0]>[0]['schema']>;

/** Roots first, then by name. */
function typesOf(all: readonly GraphQLNamedType[], schema: Schema): readonly GraphQLNamedType[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const rank = (type: GraphQLNamedType) => {
    const place = roots.indexOf(type as (typeof roots)[number]);
    return place === -1 ? roots.length : place;
  };
  return all
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}
