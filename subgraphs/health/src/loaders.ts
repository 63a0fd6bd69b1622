import { loadInOrder, loadOneInOrder } from '@contactpoint/subgraph-kit/loader';
import type { Store } from '@contactpoint/subgraph-kit/store';
import DataLoader from 'dataloader';
import * as find from './find.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** Keys of one statement at most. */
const maxBatchSize = 500;

/** Made once per operation: a loader's cache must never outlive the access decision it was filled under. */
export function createLoaders(store: Store) {
  function manyByChildId<Row extends { readonly childId: string }>(
    name: string,
    findRows: (store: Store, childIds: readonly string[]) => Promise<readonly Row[]>,
  ) {
    return new DataLoader<string, Row[]>(
      async (childIds) => loadInOrder(childIds, await findRows(store, childIds), ({ childId }) => childId),
      { maxBatchSize, name },
    );
  }

  return {
    practiceByOdsCode: new DataLoader<string, find.PracticeRow | null>(
      async (odsCodes) =>
        loadOneInOrder(odsCodes, await find.practices(store, odsCodes), ({ odsCode }) => odsCode),
      { maxBatchSize, name: 'practiceByOdsCode' },
    ),
    patientByChildId: new DataLoader<string, find.PatientRow | null>(
      async (childIds) =>
        loadOneInOrder(childIds, await find.patients(store, childIds), ({ childId }) => childId),
      { maxBatchSize, name: 'patientByChildId' },
    ),
    immunisationsByChildId: manyByChildId('immunisationsByChildId', find.immunisations),
    missedAppointmentsByChildId: manyByChildId('missedAppointmentsByChildId', find.missedAppointments),
    emergencyAttendancesByChildId: manyByChildId('emergencyAttendancesByChildId', find.emergencyAttendances),
    conditionsByChildId: manyByChildId('conditionsByChildId', find.conditions),
    contactsByChildId: manyByChildId('contactsByChildId', find.contacts),
    sealedContactsByChildId: manyByChildId('sealedContactsByChildId', find.sealedContacts),
  };
}
