/** All items of several sources that have one `jti`. */
export interface JtiGroup<Item> {
  readonly jti: string;
  /** By the source's place among the sources. */
  readonly items: ReadonlyMap<number, readonly Item[]>;
}

/**
 * Walks sources side by side that are each in the order of their `jti`s' bytes, and holds no more of any than the items
 * of one `jti`.
 */
export async function* mergeByJti<Item extends { readonly jti: string }>(
  sources: readonly AsyncIterable<Item>[],
): AsyncGenerator<JtiGroup<Item>> {
  const walks = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    // Together: each source begins with a snapshot, and they should be of one moment.
    const heads: (Item | undefined)[] = [];
    await Promise.all(
      walks.map(async (walk, place) => {
        heads[place] = await next(walk);
      }),
    );
    for (;;) {
      const jti = least(heads);
      if (jti === undefined) return;
      const items = new Map<number, Item[]>();
      for (const [place, walk] of walks.entries()) {
        const found: Item[] = [];
        let head = heads[place];
        for (; head?.jti === jti; head = await next(walk)) found.push(head);
        heads[place] = head;
        if (found.length > 0) items.set(place, found);
      }
      yield { jti, items };
    }
  } finally {
    await Promise.all(walks.map((walk) => walk.return?.()));
  }
}

async function next<Item>(walk: AsyncIterator<Item>): Promise<Item | undefined> {
  const { done, value } = await walk.next();
  return done === true ? undefined : value;
}

function least(heads: readonly ({ readonly jti: string } | undefined)[]): string | undefined {
  let first: string | undefined;
  for (const head of heads) {
    if (head !== undefined && (first === undefined || isBefore(head.jti, first))) first = head.jti;
  }
  return first;
}

/** In UTF-8 bytes, as `collate "C"` sorts; JavaScript's own order is that of UTF-16. */
function isBefore(one: string, other: string): boolean {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
}
