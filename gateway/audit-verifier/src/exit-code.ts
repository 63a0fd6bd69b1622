/** How the commands of the verifier end. */
export const EXIT_CODE = {
  SOUND: 0,
  /** A fault was found, or a proof does not hold. */
  FAULT: 1,
  /** Wrong usage, or something that cannot be read: nothing is said about the log. */
  UNREADABLE: 2,
} as const;

export const EXIT_CODE_HELP = `
Exit codes: ${EXIT_CODE.SOUND} sound, ${EXIT_CODE.FAULT} a fault was found, ${EXIT_CODE.UNREADABLE} usage, or a file that cannot be read.`;
