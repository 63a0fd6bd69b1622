import process from 'node:process';
import { EXIT_CODE } from './exit-code.ts';

/** As `engines` of package.json has it. */
const [MAJOR, MINOR] = [22, 12] as const;

// To be imported before everything else: an older Node ends in the midst of verifying, at the first function that it lacks.
const { node } = process.versions;
const [major = 0, minor = 0] = node.split('.').map(Number);
if (major < MAJOR || (major === MAJOR && minor < MINOR)) {
  process.stderr.write(
    `contactpoint-verify needs Node ${MAJOR}.${MINOR} or later, and this is Node ${node}.\n`,
  );
  process.exit(EXIT_CODE.UNREADABLE);
}
