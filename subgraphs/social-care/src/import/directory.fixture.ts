import type { IncomingIdentity, Register, RegistrationResult } from './registration.ts';

/** For tests: registers as the directory does, and remembers who was brought. */
export interface DirectoryStandIn {
  readonly register: Register;
  readonly brought: Map<string, IncomingIdentity>;
}

/** ContactPoint number that the stand-in gives, so that tests can name a child by the authority's number. */
export function childIdOf(localId: string): string {
  return `CHILD-${localId}`;
}

/** @param answers Outcome for some of the authority's numbers, instead of `created` or `unchanged`. */
export function directoryStandIn(
  answers: Readonly<Record<string, Partial<RegistrationResult>>> = {},
): DirectoryStandIn {
  const brought = new Map<string, IncomingIdentity>();
  const register: Register = async (incoming) =>
    incoming.map((identity) => {
      const outcome = brought.has(identity.localId) ? 'unchanged' : 'created';
      brought.set(identity.localId, identity);
      const answer = answers[identity.localId];
      const result = { ref: identity.ref, outcome, dropped: [], ...answer } as const;
      const registersNobody = result.outcome === 'contradiction' || result.outcome === 'resembles-shielded';
      return registersNobody ? result : { childId: childIdOf(identity.localId), ...result };
    });
  return { register, brought };
}
