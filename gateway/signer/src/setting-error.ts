/** `EX_CONFIG` of sysexits.h: something was found in a misconfigured state. */
export const EXIT_CONFIG = 78;

/** A setting is missing or wrong; the process must not start. Never holds the setting's value. */
export class SettingError extends Error {
  override readonly name = 'SettingError';

  /** @param setting Name of the environment variable, `SIGNER_STATE`. */
  constructor(setting: string, problem: string, options?: ErrorOptions) {
    super(`${setting} ${problem}`, options);
  }
}
