/** Keeps nothing: what GraphiQL would keep between two visits are operations with a record's values. */
export const NO_STORAGE: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'clear' | 'length'> = {
  length: 0,
  getItem: () => null,
  setItem: () => {},
  removeItem: () => {},
  clear: () => {},
};
