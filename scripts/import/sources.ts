import type { ContractSubgraph } from '@contactpoint/contract/sdl';
import type { Register } from '@contactpoint/social-care/import/registration';
import type { ImportReport } from '@contactpoint/subgraph-kit/import-report';
import type { Store } from '@contactpoint/subgraph-kit/store';

/** What an import gets from the command. */
export interface SourceImport {
  readonly files: readonly string[];
  /** DfE code; given for sources that name no authority themselves. */
  readonly authority: string;
  readonly dryRun: boolean;
  /** The agency's own database. */
  readonly store: Store;
  readonly register: Register;
  readonly onProgress: (read: number, total: number) => void;
}

/** A format that the command knows. The importer itself lives with the agency whose record it fills. */
export interface ImportSource {
  readonly description: string;
  /** Whose database it fills; the directory's is opened beside it where children come with it. */
  readonly subgraph: ContractSubgraph;
  readonly bringsChildren: boolean;
  /** Whether the files say nothing of the authority, so that `--la` must. */
  readonly needsAuthority: boolean;
  readonly files: 'one' | 'set';
  readonly import: (options: SourceImport) => Promise<ImportReport>;
}

/** Loaded when they are asked for, so that a return does not wait for the schools' register. */
export const IMPORT_SOURCES = {
  cin: {
    description: 'CIN census return, XML',
    subgraph: 'social-care',
    bringsChildren: true,
    needsAuthority: false,
    files: 'one',
    import: async ({ store, files, ...options }) => {
      const { importCin } = await import('@contactpoint/social-care/import/cin/import');
      return await importCin(store, only(files), options);
    },
  },
  ssda903: {
    description: 'SSDA903 return, the header and any other files of the set, CSV',
    subgraph: 'social-care',
    bringsChildren: true,
    needsAuthority: true,
    files: 'set',
    import: async ({ store, files, ...options }) => {
      const { importSsda903 } = await import('@contactpoint/social-care/import/ssda903/import');
      return await importSsda903(store, files, options);
    },
  },
  gias: {
    description: 'register of schools of Get Information about Schools, CSV',
    subgraph: 'education',
    bringsChildren: false,
    needsAuthority: false,
    files: 'one',
    import: async ({ store, files, onProgress }) => {
      const { importGias } = await import('@contactpoint/education/import/gias');
      return await importGias(store, only(files), { onProgress });
    },
  },
  epraccur: {
    description: 'GP practices of the Organisation Data Service, CSV',
    subgraph: 'health',
    bringsChildren: false,
    needsAuthority: false,
    files: 'one',
    import: async ({ store, files, onProgress }) => {
      const { importEpraccur } = await import('@contactpoint/health/import/epraccur');
      return await importEpraccur(store, only(files), {
        onProgress: (read, total = read) => onProgress(read, total),
      });
    },
  },
} as const satisfies Record<string, ImportSource>;

export type ImportSourceName = keyof typeof IMPORT_SOURCES;

function only(files: readonly string[]): string {
  const [file] = files;
  if (file === undefined) throw new RangeError('a source of one file was given none');
  return file;
}
