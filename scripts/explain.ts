import { createDecider } from '@contactpoint/access/decide';
import { explain, type Situation } from '@contactpoint/access/explain';
import type { Facts } from '@contactpoint/access/facts';
import { type PolicyText, readPolicyFiles } from '@contactpoint/access/policy-files';
import { PURPOSES, type PurposeOfUse } from '@contactpoint/access/purpose';
import { ROLES, type Role } from '@contactpoint/access/role';
import { SECTORS, type Sector } from '@contactpoint/access/sector';
import { SENSITIVITY_CLASSES, type SensitivityClass } from '@contactpoint/access/sensitivity';
import { mindOutput } from '@contactpoint/audit-verifier/mind-output';
import { Command, Option } from 'commander';
import { type ExplainedDecision, showExplanation } from './explain/show-explanation.ts';
import { POLICY_EXIT_CODES, PolicyCommandError } from './policy/policy-command-error.ts';
import { CURRENT, policyFolder, requirePolicySet, showFolder } from './policy/policy-folder.ts';

mindOutput(POLICY_EXIT_CODES.FAILED);

interface ExplainCommandOptions {
  readonly role: Role;
  readonly purpose: PurposeOfUse;
  readonly class?: SensitivityClass;
  readonly sector?: Sector;
  readonly relationship: Facts['relationship'];
  readonly own: boolean;
  readonly shielded: boolean;
  readonly breakGlass: boolean;
  readonly policies: string;
  readonly json: boolean;
}

/** `npm run explain -- --role R --purpose P`: what a role may read, and which policies decide it. */
const command = new Command('npm run explain --')
  .description('Says what a role may read of a child, why not more, and which policies decide it.')
  .addOption(new Option('--role <role>').choices(ROLES).makeOptionMandatory())
  .addOption(
    new Option('--purpose <code>', 'purpose of use').choices(Object.keys(PURPOSES)).makeOptionMandatory(),
  )
  .addOption(new Option('--class <class>', 'this class only').choices(SENSITIVITY_CLASSES))
  .addOption(new Option('--sector <sector>', "this sector's record only").choices(SECTORS))
  .addOption(
    new Option('--relationship <relationship>', 'to the child')
      .choices(['ALLOCATED', 'TEAM', 'NONE'])
      .default('NONE'),
  )
  .option('--own', 'the own organisation holds a record of the child', false)
  .option('--shielded', 'the child is shielded', false)
  .option('--break-glass', 'the caller breaks the glass', false)
  .option('--policies <folder>', `policies to explain, \`${CURRENT}\` for the built-in ones`, CURRENT)
  .option('--json', 'for programs', false)
  .addHelpText(
    'after',
    `\nExit codes: 0 explained, ${POLICY_EXIT_CODES.USAGE} usage, ${POLICY_EXIT_CODES.CONFIGURATION} the policies do not load.`,
  )
  .allowExcessArguments(false)
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : POLICY_EXIT_CODES.USAGE))
  .parse();

const options = command.opts<ExplainCommandOptions>();
try {
  const explained = explainDecision(options);
  process.stdout.write(options.json ? `${JSON.stringify(explained, null, 2)}\n` : showExplanation(explained));
} catch (error) {
  if (!(error instanceof PolicyCommandError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = POLICY_EXIT_CODES[error.code];
}

function explainDecision(asked: ExplainCommandOptions): ExplainedDecision {
  const { role, purpose, relationship } = asked;
  const policySet = requirePolicySet(asked.policies);
  const decide = createDecider(policySet);
  const situation: Situation = {
    role,
    purpose,
    override: asked.breakGlass,
    facts: { relationship, shielded: asked.shielded, ownRecord: asked.own },
  };
  const sectors = asked.sector === undefined ? SECTORS : [asked.sector];
  const classes = asked.class === undefined ? SENSITIVITY_CLASSES : [asked.class];
  const explanations = sectors.flatMap((sector) =>
    classes.map((name) => explain(decide, situation, sector, name)),
  );
  const deciding = new Set(explanations.flatMap(({ policies }) => policies));
  return {
    situation,
    policySet: policySet.hash,
    explanations,
    policies: textsOf([...deciding].sort(), policyFolder(asked.policies)),
  };
}

function textsOf(ids: readonly string[], folder: URL): Record<string, PolicyText> {
  const files = readPolicyFiles(folder);
  return Object.fromEntries(
    ids.flatMap((id) => {
      const policy = files.get(id);
      return policy === undefined
        ? []
        : [[id, { ...policy, file: showFolder(new URL(policy.file, folder)) }]];
    }),
  );
}
