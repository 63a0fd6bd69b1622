import type { Register } from './registration.ts';

export interface ImportOptions {
  readonly register: Register;
  /** Bytes read so far, of all. */
  readonly onProgress?: (read: number, total: number) => void;
  /** Reads and checks, registers and stores nothing; what would be taken is reported as accepted. */
  readonly dryRun?: boolean;
}
