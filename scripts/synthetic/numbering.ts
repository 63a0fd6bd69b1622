import { nhsCheckDigit } from '@contactpoint/contract/nhs-number';
import { upnCheckLetter } from '@contactpoint/contract/upn';
import { AUTHORITY } from './places.ts';

/** Hands out numbers, each once, in the same order every time. */
export interface Numbering {
  /** From 999…, the range that the NHS keeps for tests. */
  nhsNumber(): string;
  /** @returns undefined where the school has given out its 999 numbers of that year. */
  upn(school: number, birth: string): string | undefined;
  localChildId(): string;
}

export function startNumbering(): Numbering {
  let nhs = 999_000_000;
  let local = 0;
  const pupils = new Map<string, number>();

  return {
    nhsNumber() {
      for (;;) {
        const digits = String(nhs++);
        const check = nhsCheckDigit(digits);
        if (check !== undefined) return `${digits}${check}`;
      }
    },
    upn(school, birth) {
      const year = String((Number(birth.slice(0, 4)) + 4) % 100).padStart(2, '0');
      const cohort = `${AUTHORITY}${4_000 + school}${year}`;
      const serial = (pupils.get(cohort) ?? 0) + 1;
      if (serial > 999) return undefined;
      pupils.set(cohort, serial);
      const rest = `${cohort}${String(serial).padStart(3, '0')}`;
      return `${upnCheckLetter(rest)}${rest}`;
    },
    localChildId: () => `CP${String(++local).padStart(8, '0')}`,
  };
}
