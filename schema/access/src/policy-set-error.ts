/** Thrown when policies cannot be loaded: nobody is let in under rules that were not checked. */
export class PolicySetError extends Error {
  override readonly name = 'PolicySetError';
}
