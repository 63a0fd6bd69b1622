import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';

/** The least that an access says: a practitioner who asked for nothing of a child. */
const SMALL: AccessEvent = {
  version: 1,
  kind: 'access',
  nonce: '0'.repeat(32),
  at: '2026-11-22T10:15:00.000Z',
  instance: 'bench',
  practitioner: 'p-bench',
  role: 'teacher',
  override: false,
  outcome: 'RELEASED',
  jtis: ['00000000-0000-4000-8000-000000000000'],
  subjects: [],
};

/** Frozen, as the pipeline makes them for all children who are decided alike. */
function fields(...names: readonly string[]): readonly string[] {
  return Object.freeze(names.map((name) => `Child.${name}`));
}

/** As the joined view of one child is recorded: six fetches, and what they released and withheld. */
const JOINED_VIEW: AccessEvent = {
  ...SMALL,
  role: 'social-worker',
  organisation: 'LA-975',
  purpose: 'S47',
  reason: 'Measurement of the log, at the length of a reason',
  client: 'contactpoint-bench',
  operation: { name: 'JoinedView', hash: 'a'.repeat(64) },
  variables: { kid: '0123456789ab', digest: 'b'.repeat(64) },
  policySet: 'c'.repeat(64),
  supergraph: 'd'.repeat(64),
  jtis: Array.from({ length: 6 }, (_, place) => `00000000-0000-4000-8000-00000000000${place}`),
  subjects: [
    {
      child: '8Z4K2M0QWX7R5T1B',
      released: fields(
        ...['addresses', 'dateOfBirth', 'familyName', 'givenNames', 'id', 'involvements', 'localAuthority'],
        ...['leadProfessional', 'nhsNumber', 'sex', 'socialCare'],
      ),
      withheld: fields('allergies', 'conditions', 'immunisations', 'sdqScore'),
      policies: Object.freeze(['identity', 'social-worker-s47-full', 'social-worker-s47-minimal']),
    },
  ],
};

/** Makes leaves of one size, no two of them alike. */
export interface LeafMaker {
  readonly name: string;
  /** Bytes of each. */
  readonly size: number;
  /** A leaf as the encoder makes it. */
  encode(): Uint8Array;
  /** The same at next to no cost, so that what is measured is the log. */
  next(): Uint8Array;
}

/** @returns Leaves of about 300 bytes, and of about 1.5 kB as a joined view has them. */
export function leafMakers(): readonly LeafMaker[] {
  return [maker('smallest event', SMALL), maker('joined view', JOINED_VIEW)];
}

function maker(name: string, event: AccessEvent): LeafMaker {
  const encode = () => encodeAccessEvent(event)[0] as Uint8Array;
  const template = Buffer.from(encode());
  const nonceAt = template.indexOf(event.nonce);
  let made = 0;
  return {
    name,
    size: template.length,
    encode,
    next() {
      const leaf = Buffer.from(template);
      leaf.write((made++).toString(16).padStart(event.nonce.length, '0'), nonceAt, 'latin1');
      return leaf;
    },
  };
}
