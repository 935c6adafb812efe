import { describe, expect, it } from 'vitest';
import type { Stream } from '../visibility.ts';
import { columnsOf, MAX_COLUMNS } from './columns.ts';

const stream = (thing: string, key: number, more: Partial<Stream['datastream']>): Stream => ({
  datastream: { id: `${thing}.${key}`, key, thing, property: 'temperature', unit: 'Cel', ...more },
  thing: { id: thing, name: thing, kind: 'other', simulated: false, properties: {} },
  useCase: 'other',
  delayMs: 0,
  datasets: [],
});
const named = (streams: readonly Stream[]) => [...columnsOf(streams).names.values()];

describe('the columns of a collection', () => {
  it('are shared by things that came by way of SensorThings', () => {
    const streams = Array.from({ length: 1_000 }, (_, i) => stream(`sta-${i}`, i + 1, { channel: `sta-${i + 1}` }));
    expect(columnsOf(streams).fields.map(({ name }) => name)).toEqual([
      'temperature',
      'temperature_time',
      'temperature_quality',
    ]);
  });

  it('are bounded, whatever is measured', () => {
    const streams = Array.from({ length: 1_000 }, (_, i) => stream(`t-${i}`, i + 1, { property: `p${i}` }));
    expect(columnsOf(streams).fields).toHaveLength(3 * MAX_COLUMNS);
  });

  it('hold one unit each, and of each thing one datastream', () => {
    expect(
      named([
        stream('a', 1, {}),
        stream('b', 2, { unit: 'K' }),
        stream('c', 3, { channel: 'A' }),
        stream('c', 4, { channel: 'a' }),
        stream('d', 5, { unit: 'K' }),
      ]),
    ).toEqual(['temperature', 'temperature_k', 'temperature_a', 'temperature_a_cel', 'temperature_k']);
  });

  it('take no name that means something else', () => {
    expect(named([stream('a', 1, { property: 'name' }), stream('a', 2, { property: 'limit' })])).toEqual([
      'value_name',
      'value_limit',
    ]);
  });
});
