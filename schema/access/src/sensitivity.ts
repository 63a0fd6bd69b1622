/** What kind of harm a disclosure does, least first: `SensitivityClass` of the contract. */
export const SENSITIVITY_CLASSES = [
  'REFERENCE',
  'IDENTITY',
  'LOCATION',
  'INVOLVEMENT',
  'STATUS',
  'SPECIAL',
  'SEALED',
] as const;

export type SensitivityClass = (typeof SENSITIVITY_CLASSES)[number];

/** `@sensitivity(class:, minimal:)` of one field. */
export interface Sensitivity {
  readonly class: SensitivityClass;
  /** True where the field belongs to the class's minimal subset. */
  readonly minimal: boolean;
}

/** Level granted per class for one child: `{ STATUS: 'MINIMAL' }`. A class that is not named is not granted. */
export type ClassGrant = Readonly<Partial<Record<SensitivityClass, 'MINIMAL' | 'FULL'>>>;

/** What a level opens: FULL everything of its class, MINIMAL the fields of the minimal subset. */
export function opens(
  level: 'NONE' | 'MINIMAL' | 'FULL' | undefined,
  { minimal }: Pick<Sensitivity, 'minimal'>,
): boolean {
  return level === 'FULL' || (minimal && level === 'MINIMAL');
}

export function isGranted(grant: ClassGrant, sensitivity: Sensitivity): boolean {
  return opens(grant[sensitivity.class], sensitivity);
}
