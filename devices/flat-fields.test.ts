import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatFields } from './flat-fields.ts';

const flat = (data: unknown) => Object.fromEntries(flatFields(data));

describe('flat fields', () => {
  it.each([
    [
      { BatV: 3.1, TempC_SHT: '21.5', CO2Level: 400 },
      { bat_v: 3.1, temp_c_sht: '21.5', co2_level: 400 },
    ],
    [{ a: { B: { c: true } } }, { a_b_c: true }],
    [{ levels: [1, null, { x: 2 }] }, { levels_1: 1, levels_2: null, levels_3_x: 2 }],
    [
      { Füllstand: 5, 'pm2.5': 7, '1st': 1 },
      { fullstand: 5, pm2_5: 7, x1st: 1 },
    ],
    [{ tempC: 1, temp_c: 2 }, { temp_c: 1 }],
    [{ '': { '€': 1 } }, {}],
    [undefined, {}],
  ])('of %j', (data, expected) => {
    expect(flat(data)).toEqual(expected);
  });

  it('are names that a profile can map, with scalars, whatever a script answers', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 12 }), (data) => {
        for (const [field, value] of flatFields(data)) {
          expect(field).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
          expect(value === null || ['string', 'number', 'boolean'].includes(typeof value)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('go so deep and no deeper', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
    expect(flat(nested(8))).toEqual({ a_a_a_a_a_a_a_a: 1 });
    expect(flat(nested(9))).toEqual({});
    expect(flat(JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)))).toEqual({});
  });
});
