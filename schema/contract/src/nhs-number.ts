/**
 * Whether `value` is ten digits whose last one is the modulus 11 check digit of the first nine.
 * @see https://www.datadictionary.nhs.uk/attributes/nhs_number.html
 */
export function isNhsNumber(value: string): boolean {
  return /^\d{10}$/.test(value) && nhsCheckDigit(value) === Number(value[9]);
}

/** Check digit for the first nine digits of `digits`; undefined where no valid number starts with them. */
export function nhsCheckDigit(digits: string): number | undefined {
  let sum = 0;
  for (let place = 0; place < 9; place++) sum += Number(digits[place]) * (10 - place);
  const check = 11 - (sum % 11);
  if (check === 11) return 0;
  return check === 10 ? undefined : check;
}
