import { describe, expect, test } from 'vitest';
import { composeChanged, composeWithHousing, refusals } from '../testing/agency.ts';

const contact = (own: string, name = '') => `
  type Contact @shareable @sensitivity(class: ${own}) {
    name: String ${name} role: String organisation: String phone: String email: String
  }`;

describe('two classes for one shared field', () => {
  test("are refused, whichever is higher: composition would keep one agency's", () => {
    expect(refusals(composeWithHousing(contact('REFERENCE')))).toContain(
      'CLASS_DISAGREES housing Contact.phone',
    );
    expect(refusals(composeWithHousing(contact('SEALED')))).toContain(
      'CLASS_DISAGREES housing Contact.phone',
    );
  });

  test('are refused when only `minimal` differs', () => {
    const sdl = contact('INVOLVEMENT', '@sensitivity(class: INVOLVEMENT, minimal: true)');
    expect(refusals(composeWithHousing(sdl))).toEqual(['CLASS_DISAGREES housing Contact.name']);
  });

  test('are refused on the key of a subject', () => {
    const changed = composeChanged('health', 'id: ID! @sensitivity(class: IDENTITY)', 'id: ID!');
    expect(refusals(changed)).toContain('CLASS_DISAGREES health Child.id');
  });

  test('are refused between an interface and what implements it', () => {
    const sdl = `
      interface Home { postcode: String @sensitivity(class: REFERENCE) }
      type Hostel implements Home { postcode: String @sensitivity(class: SEALED) }`;
    expect(refusals(composeWithHousing(sdl))).toEqual(['CLASS_DISAGREES housing Hostel.postcode']);
  });

  test('one class composes', () => {
    expect(
      refusals(
        composeWithHousing(contact('INVOLVEMENT', '@sensitivity(class: INVOLVEMENT, minimal: false)')),
      ),
    ).toEqual([]);
  });
});
