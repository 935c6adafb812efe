import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

const stats = {
  type: 'stats' as const,
  states: [],
  head: 9,
  cursor: 7,
  dirty: 0,
  received: 5,
  duplicates: 1,
  observations: 4,
  outcomes: { pending: 2, decoded: 2, other: 0, ignored: 0, notPlaced: 0, unknownDevice: 0, deadLetter: 0 },
  deadLetters: {},
  commitsMs: [2, 3],
};

it('takes over totals of another thread, once each', async () => {
  const metrics = createMetrics('1.2.3');
  metrics.update(stats);
  metrics.update({ ...stats, received: 8 });
  const text = await metrics.registry.metrics();
  expect(text).toContain('plietsch_build_info{version="1.2.3"} 1');
  expect(text).toContain('plietsch_uplinks_received_total 8');
  expect(text).toContain('plietsch_uplinks_duplicate_total 1');
  expect(text).toContain('plietsch_projection_lag_entries{projection="observations"} 2');
  expect(text).toContain('plietsch_entries_settled_total{outcome="decoded"} 2');
  expect(text).not.toContain('outcome="pending"');
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
