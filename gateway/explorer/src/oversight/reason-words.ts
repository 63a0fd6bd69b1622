import { SEVERAL } from './stacks.ts';

const WORDS: Readonly<Record<string, string>> = {
  NOTHING: 'Nothing withheld',
  IDENTITY: 'The child as a whole',
  LOCATION: 'Where the child lives',
  INVOLVEMENT: 'Who is involved',
  STATUS: 'Status',
  SPECIAL: 'Special categories',
  SEALED: 'What is sealed',
  UNCLASSIFIED: 'What has no class now',
};

/** What was withheld, or the code of a refusal in words: `ACCREDITATION_LAPSED TRAINING` is `Accreditation lapsed: training`. */
export function reasonWords(reason: string | null): string {
  if (reason === null) return SEVERAL;
  const known = WORDS[reason];
  if (known !== undefined) return known;
  const [code = '', detail] = reason.split(' ').map((word) => word.toLowerCase().replaceAll('_', ' '));
  const sentence = code.charAt(0).toUpperCase() + code.slice(1);
  return detail === undefined ? sentence : `${sentence}: ${detail}`;
}
