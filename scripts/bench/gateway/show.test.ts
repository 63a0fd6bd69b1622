import { expect, test } from 'vitest';
import { GATEWAYS } from './gateways.ts';
import { OPERATIONS } from './operations.ts';
import { showGateways } from './show.ts';

test('a table keeps the names of operations and gateways apart from what stands beside them', () => {
  const figures = {
    rps: 12_345,
    p50Ms: 1_234,
    p99Ms: 5_678,
    cpuMicros: 9_876,
    rssMb: 1_024,
    subgraphRequests: 16,
  };
  const rows = OPERATIONS.flatMap((operation) =>
    GATEWAYS.map((gateway) => ({ gateway, operation, callers: 128, ...figures })),
  );
  const [, ...lines] = showGateways(rows).trimEnd().split('\n');
  expect(lines.map((line) => line.split(/ +/))).toEqual(
    rows.map(({ operation, gateway }) => [
      ...[operation, gateway, '128', '12345', '1234.00', '5678.00', '9876', '1024', '16.00'],
    ]),
  );
});
