import type { Check } from './check.ts';
import { childArgument } from './child-argument.ts';
import { classDisagreement } from './class-disagreement.ts';
import { classifiedEntity } from './classified-entity.ts';
import { classifiedFieldExposed } from './classified-field-exposed.ts';
import { crossAgencyDirective } from './cross-agency-directive.ts';
import { foreignField, foreignKey } from './foreign-field.ts';
import { nonNullClassifiedField } from './non-null-classified-field.ts';
import { reservedName } from './reserved-name.ts';
import { secondDoor } from './second-door.ts';
import { sharedType, sharedTypeGuard } from './shared-type.ts';
import { subjectKey } from './subject-key.ts';
import { subjectMark } from './subject-mark.ts';
import { unclassifiedField } from './unclassified-field.ts';
import { unguardedRootField } from './unguarded-root-field.ts';

/** Every rule that composition itself does not know. */
export const CHECKS: readonly Check[] = [
  reservedName,
  unclassifiedField,
  classDisagreement,
  nonNullClassifiedField,
  unguardedRootField,
  classifiedFieldExposed,
  classifiedEntity,
  secondDoor,
  childArgument,
  subjectMark,
  subjectKey,
  crossAgencyDirective,
  foreignField,
  foreignKey,
  sharedType,
  sharedTypeGuard,
];

/**
 * Those of which a supergraph still shows whether they were kept. The others ask who said what first, or differently:
 * composition has merged that.
 */
export const SUPERGRAPH_CHECKS: readonly Check[] = [
  reservedName,
  unclassifiedField,
  nonNullClassifiedField,
  unguardedRootField,
  classifiedFieldExposed,
  classifiedEntity,
  secondDoor,
  childArgument,
  subjectKey,
  crossAgencyDirective,
  foreignField,
];
