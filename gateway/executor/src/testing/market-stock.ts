/** What the market's subgraphs hold. Ids tell the type by their letter. */

export const MAKERS = [
  { id: 'm1', label: 'maker one', name: 'Acme', country: 'GB' },
  { id: 'm2', label: null, name: 'Bolt', country: null },
] as const;

const product = (
  id: string,
  price: number,
  makerId: string | null,
  relatedIds: readonly string[],
  kind: string,
) => ({
  id,
  label: `label ${id}`,
  title: `title ${id}`,
  tags: ['a', id],
  kind,
  size: { width: price, unit: 'cm' },
  price,
  makerId,
  relatedIds,
});

/** `p2` has failing fields, `p3` no reviews entity, `p4` a failing one, `p5` fails where null is not allowed. */
export const PRODUCTS = [
  product('p1', 10, 'm1', ['p2', 'p3'], 'BOOK'),
  product('p2', 20.5, 'm2', ['p1', 'p9'], 'TOY'),
  product('p3', 5, null, [], 'BOOK'),
  product('p4', 7, 'm1', ['p1'], 'TOY'),
  product('p5', 8, 'm1', ['p5'], 'BOOK'),
];

const review = (id: string, productId: string, authorId: string, score: number) => ({
  id,
  productId,
  authorId,
  score,
  body: `body ${id}`,
});

export const REVIEWS = [
  review('r1', 'p1', 'u1', 5),
  review('r2', 'p1', 'u2', 3),
  review('r3', 'p2', 'u1', 1),
  review('r4', 'p1', 'u9', 2),
];

export const USERS = [
  { id: 'u1', name: 'Ann', email: 'ann@example.org' },
  { id: 'u2', name: 'Bob', email: null },
] as const;

export const PETS = [
  { name: 'Tom', meows: 3, bulk: 4 },
  { name: 'Rex', barks: 'loudly', bulk: 'large' },
] as const;

export const PUPILS = [
  { id: 'k1', name: 'Kim' },
  { id: 'k2', name: 'Lou' },
  { id: 'k3', name: null },
] as const;

export interface NoteRow {
  readonly text: string;
  readonly weight: number;
}
