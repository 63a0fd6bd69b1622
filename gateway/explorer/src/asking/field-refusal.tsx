import type { Answer } from './answer.ts';
import { RefusalNotice } from './refusal-notice.tsx';

/** Why one root field of an answer is null; nothing where it is not, or where there simply is nothing. */
export function FieldRefusal({ answer, field }: { readonly answer: Answer; readonly field: string }) {
  const errors = answer.errors.filter(({ path }) => path === undefined || path[0] === field);
  if (errors.length === 0) return null;
  return <RefusalNotice answer={{ ...answer, data: null, errors }} />;
}
