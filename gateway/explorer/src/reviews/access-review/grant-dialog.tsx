import { useId, useState } from 'react';
import { isolated } from '../../layout/unseen.ts';
import { useSettings } from '../../settings/settings-context.ts';
import { DecisionDialog } from '../decision-dialog.tsx';
import type { Done } from '../done-list.tsx';
import { type Organisation, organisationName } from './organisation.ts';
import { GRANT } from './queries.ts';
import { filled, problemOf, type Typed, type TypedField, TypedFields } from './typed-fields.tsx';

const NAME: TypedField = {
  name: 'name',
  label: 'Name',
  type: 'text',
  problemOf: filled('The name'),
};

/** What an account is granted on. The gateway looks whether it still counts. */
const EVIDENCE: readonly TypedField[] = [
  {
    name: 'vettingCertificate',
    label: 'DBS certificate number',
    hint: 'Of the enhanced certificate: 4 to 40 letters and digits.',
    type: 'text',
    problemOf: filled('The certificate number'),
  },
  {
    name: 'vettingIssuedOn',
    label: 'DBS issued on',
    hint: 'At most three years ago.',
    type: 'date',
    problemOf: filled('The day of the certificate'),
  },
  {
    name: 'trainingPassedOn',
    label: 'Training passed on',
    hint: 'At most twelve months ago.',
    type: 'date',
    problemOf: filled('The day of the training'),
  },
  {
    name: 'agreementSignedOn',
    label: 'User agreement signed on',
    type: 'date',
    problemOf: filled('The day of the signature'),
  },
];

/** Opens an account in the organisation that is reviewed, for somebody who meets every requirement. */
export function GrantDialog({
  organisation,
  interruptions,
  onDone,
  onLeave,
}: {
  readonly organisation: Organisation;
  readonly interruptions: number;
  readonly onDone: (done: Done) => void;
  readonly onLeave: () => void;
}) {
  const [typed, setTyped] = useState<Typed>({});
  const [role, setRole] = useState('');
  const where = organisationName(organisation);
  const problem = problemOf([NAME], typed) ?? (role === '' ? 'Choose a role.' : problemOf(EVIDENCE, typed));
  return (
    <DecisionDialog
      title={`Grant an account in ${where}`}
      consequence="Whoever is vetted, trained and has signed the agreement may use the system at once, in this role."
      verb="Grant"
      operation={{ query: GRANT, variables: { input: { ...typed, role, organisationId: organisation.id } } }}
      field="grantAccess"
      problem={problem}
      interruptions={interruptions}
      onDone={({ receipt, data: { grantAccess: granted } }) =>
        onDone({
          what: `${isolated(granted.name)} has the account ${granted.id} in ${where}, as ${granted.role}. Its status is ${granted.status}.`,
          receipt,
        })
      }
      onLeave={onLeave}
    >
      <TypedFields fields={[NAME]} typed={typed} onType={setTyped} />
      <RoleField sector={organisation.sector} value={role} onChange={setRole} />
      <TypedFields fields={EVIDENCE} typed={typed} onType={setTyped} />
    </DecisionDialog>
  );
}

/** Those of the organisation's sector first. Of the others it has hardly any, and the gateway says which. */
function RoleField({
  sector,
  value,
  onChange,
}: {
  readonly sector: string | null;
  readonly value: string;
  readonly onChange: (role: string) => void;
}) {
  const { roles } = useSettings();
  const id = useId();
  const [own, others] = [true, false].map((isOwn) =>
    Object.keys(roles).filter((role) => (roles[role] === sector) === isOwn),
  );
  const option = (role: string) => (
    <option key={role} value={role}>
      {role.replaceAll('-', ' ')}
    </option>
  );
  return (
    <div className="field">
      <label htmlFor={id}>Role</label>
      <select id={id} value={value} onChange={({ target }) => onChange(target.value)}>
        <option value="" disabled>
          Choose one …
        </option>
        <optgroup label="Of the organisation’s sector">{own?.map(option)}</optgroup>
        <optgroup label="Of other sectors">{others?.map(option)}</optgroup>
      </select>
    </div>
  );
}
