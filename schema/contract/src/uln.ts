/**
 * Whether `value` is a unique learner number: nine digits and their modulus 11 check digit.
 * @see Education and Skills Funding Agency, ULN check digit validation
 */
export function isUln(value: string): boolean {
  if (!/^\d{10}$/.test(value)) return false;
  let sum = 0;
  for (let place = 0; place < 9; place++) sum += Number(value[place]) * (10 - place);
  const remainder = sum % 11;
  return remainder !== 0 && 10 - remainder === Number(value[9]);
}
