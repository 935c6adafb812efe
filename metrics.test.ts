import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

const outcomes = { pending: 2, decoded: 2, other: 0, ignored: 0, notPlaced: 0, unknownDevice: 0, deadLetter: 0 };
const stats = {
  type: 'stats' as const,
  states: [],
  head: 9,
  cursor: 7,
  dirty: 0,
  networks: { north: { received: 5, duplicates: 1, outcomes } },
  observations: 4,
  deadLetters: {},
  commitsMs: [2, 3],
};

it('takes over totals of another thread, once each', async () => {
  const metrics = createMetrics('1.2.3');
  metrics.update(stats);
  metrics.update({ ...stats, networks: { north: { received: 8, duplicates: 1, outcomes } } });
  const text = await metrics.registry.metrics();
  expect(text).toContain('plietsch_build_info{version="1.2.3"} 1');
  expect(text).toContain('plietsch_uplinks_received_total{network="north"} 8');
  expect(text).toContain('plietsch_uplinks_duplicate_total{network="north"} 1');
  expect(text).toContain('plietsch_projection_lag_entries{projection="observations"} 2');
  expect(text).toContain('plietsch_entries_settled_total{network="north",outcome="decoded"} 2');
  expect(text).not.toContain('outcome="pending"');
  // Alerts look at growth: the first dead letter must be one.
  expect(text).toContain('plietsch_entries_settled_total{network="north",outcome="deadLetter"} 0');
  expect(text).toContain('plietsch_dead_letters_total{code="HUB_STORE_REJECTED"} 0');
  expect(text).toMatch(/plietsch_process_resident_bytes [1-9]/);
});

it('shows whether each part is ready, whichever room it is of', async () => {
  const metrics = createMetrics('1.2.3');
  metrics.setStates([
    { part: 'disk', ready: true, detail: '' },
    { part: 'mqtt', ready: false, detail: '' },
  ]);
  const text = await metrics.registry.metrics();
  expect(text).toContain('plietsch_part_ready{part="disk"} 1');
  expect(text).toContain('plietsch_part_ready{part="mqtt"} 0');
});
