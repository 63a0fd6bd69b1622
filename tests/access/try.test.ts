import { test } from 'vitest';
import { openBench } from './bench/bench.ts';
import { CHILDREN } from './bench/world.ts';

test('try', async () => {
  const bench = await openBench();
  const facts = Object.fromEntries(
    CHILDREN.map((c) => [c, { relationship: 'ALLOCATED', shielded: false, ownRecord: true } as const]),
  );
  const t = await bench.ask(
    { practitionerId: 'p', role: 'social-worker', purpose: 'S47', scopes: [], facts },
    {
      query: `{ children(ids: ["${CHILDREN[0]}", "${CHILDREN[1]}"]) { id name memo homes { line town } lines siblings { name care { status orders { ... on Plan { aim } } } } lessons { title } notes { text author } care { status } visits { on why } school { title town } } }`,
    },
  );
  console.log(JSON.stringify(t.response, null, 1), t.requests, t.kept);
  const start = performance.now();
  for (let i = 0; i < 20; i++)
    await bench.ask(
      { practitionerId: 'p', role: 'social-worker', purpose: 'S47', scopes: [], facts },
      {
        query: `{ a${i}: children(ids: ["${CHILDREN[0]}", "${CHILDREN[1]}"]) { id name memo homes { line town } lines siblings { name care { status orders { ... on Plan { aim } } } } lessons { title } notes { text author } care { status } visits { on why } school { title town } } }`,
      },
    );
  console.log((performance.now() - start) / 20);
  await bench.close();
});
