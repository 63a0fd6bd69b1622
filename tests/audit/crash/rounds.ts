/** How often each way of dying is tried: 30 times at night, 3 times otherwise. */
export const ROUNDS = process.env['NIGHTLY'] === '1' ? 30 : 3;
