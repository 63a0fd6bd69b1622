import { useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { useStatedAccess } from '../bar/stated-access.ts';
import { useSession } from '../session/session.ts';

/** Asks for the schema again once the purpose is another one, and after a sign-in in the middle of the work. */
export function RefreshedSchema() {
  const { introspect } = useGraphiQLActions();
  const { stated } = useStatedAccess();
  const ended = useSession()?.ended === true;
  const asked = useRef({ purpose: stated.purpose, ended });
  useEffect(() => {
    const isNew = asked.current.purpose !== stated.purpose || asked.current.ended !== ended;
    asked.current = { purpose: stated.purpose, ended };
    if (isNew && !ended) void introspect();
  }, [introspect, stated.purpose, ended]);
  return null;
}
