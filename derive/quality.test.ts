import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../model/observation.ts';
import type { QualityLimits } from '../model/observed-properties.ts';
import { failedTests } from '../model/quality.ts';
import type { Datastream } from '../model/registry.ts';
import { MINUTE } from '../model/time.ts';
import type { ObservationReader } from '../store/observations.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import { judgeNeighbours, qualityDerivation } from './quality.ts';

const T0 = Date.UTC(2026, 0, 1);
const LEVEL: QualityLimits = {
  gross: [-10, 20],
  spike: { suspect: 0.25, fail: 0.6 },
  ratePerHour: 1.2,
  flatLine: { tolerance: 0.0005, suspectS: 6 * 3600, failS: 24 * 3600 },
};

const at = (minutes: number, value: number | null, changes: Partial<Observation> = {}): Observation => ({
  datastream: 1,
  phenomenonTime: T0 + minutes * MINUTE,
  value,
  flag: value === null ? 9 : 1,
  tests: value === null ? 32 : 0,
  position: 1,
  record: 0,
  receivedAt: T0,
  storedAt: T0,
  ...changes,
});

const verdictsOf = (values: readonly Observation[], limits = LEVEL): string[] =>
  judgeNeighbours(values, limits).map((verdict) =>
    verdict ? `${verdict.flag} ${failedTests(verdict.tests).join('+')}`.trim() : '-',
  );

describe('neighbour tests', () => {
  it('passes a tide', () => {
    const tide = Array.from({ length: 100 }, (_, i) => at(i * 10, Math.sin((i * 10) / 118) * 0.4));
    expect(new Set(verdictsOf(tide))).toEqual(new Set(['1']));
  });

  it('finds a spike by the line between both neighbours, and does not blame the neighbours', () => {
    expect(verdictsOf([at(0, 0), at(10, 0.02), at(20, 0.4), at(30, 0.04), at(40, 0.05)])).toEqual([
      '1',
      '1',
      '3 spike+rateOfChange',
      '3 rateOfChange',
      '1',
    ]);
    expect(verdictsOf([at(0, 0), at(60, 0.9), at(120, 0.1)])[1]).toBe('4 spike');
  });

  it('respects uneven spacing: a slope is no spike however the values are spaced', () => {
    expect(verdictsOf([at(0, 0), at(50, 0.5), at(60, 0.6), at(180, 1.8)])).toEqual(['1', '1', '1', '1']);
  });

  it('calls a step fast, not a spike', () => {
    expect(verdictsOf([at(0, 0), at(10, 0), at(20, 0.9), at(30, 0.9), at(40, 0.9)])[2]).toBe('3 rateOfChange');
  });

  it('lets a line be flat by time, not by count', () => {
    const flat = (n: number, every: number) => verdictsOf(Array.from({ length: n }, (_, i) => at(i * every, 0.5)));
    expect(flat(30, 5).at(-1)).toBe('1');
    expect(flat(8, 60).at(-1)).toBe('3 flatLine');
    expect(flat(26, 60).at(-1)).toBe('4 flatLine');
    expect(flat(26, 600).at(-1)).toBe('1');
  });

  it('looks back no further than a flat line has to last to fail', () => {
    let looks = 0;
    const first = at(0, 0.5);
    Object.defineProperty(first, 'value', {
      get: () => {
        looks++;
        return 0.5;
      },
    });
    const flat = [first, ...Array.from({ length: 4 * 24 * 60 }, (_, i) => at(i + 1, 0.5))];
    expect(judgeNeighbours(flat, LEVEL).at(-1)?.flag).toBe(4);
    expect(looks).toBeLessThan(24 * 60 + 20);
  });

  it('skips missing and impossible values as neighbours and leaves their own verdict alone', () => {
    expect(verdictsOf([at(0, 0), at(10, null), at(20, 15, { flag: 4, tests: 1 }), at(30, 0.1)])).toEqual([
      '1',
      '-',
      '-',
      '1',
    ]);
  });

  it('keeps what ingest found out by the value alone', () => {
    expect(verdictsOf([at(0, 4, { flag: 3, tests: 2 }), at(10, 4.1, { flag: 3, tests: 2 })])).toEqual([
      '3 usualRange',
      '3 usualRange',
    ]);
  });
});

/** A store of one datastream, as small as it can be and still tell the truth. */
const storeOf = (held: Map<number, Observation>): ObservationReader =>
  ({
    range: async function* ({ from, to }: { from: number; to: number }) {
      const values = [...held.values()].sort((a, b) => a.phenomenonTime - b.phenomenonTime);
      yield* values.filter((value) => value.phenomenonTime >= from && value.phenomenonTime < to);
    },
  }) as unknown as ObservationReader;

const noRollups = { range: () => Promise.resolve([]) };

describe('quality derivation', () => {
  const registry = new RegistryIndex();
  const datastream: Datastream = { id: 'g.water_level', key: 1, thing: 'g', property: 'water_level', unit: 'm' };
  registry.apply([{ kind: 'datastream', put: datastream }]);

  const arrive = async (order: readonly Observation[]): Promise<string[]> => {
    const held = new Map<number, Observation>();
    for (const value of order) {
      held.set(value.phenomenonTime, value);
      const window = Math.floor(value.phenomenonTime / qualityDerivation.windowMs) * qualityDerivation.windowMs;
      const mark = { derivation: 'quality', window, datastream: 1 };
      const { judged } = await qualityDerivation.compute(mark, {
        observations: storeOf(held),
        registry,
        rollups: noRollups,
        keptSince: 0,
      });
      for (const { phenomenonTime, flag, tests } of judged ?? []) {
        held.set(phenomenonTime, { ...(held.get(phenomenonTime) as Observation), flag, tests });
      }
    }
    return [...held.values()]
      .sort((a, b) => a.phenomenonTime - b.phenomenonTime)
      .map(({ flag, tests }) => `${flag}/${tests}`);
  };

  it('ends the same in any order of arrival', async () => {
    const value = fc.constantFrom(0, 0.0001, 0.1, 0.3, 1.5, 12);
    const values = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 60 * 60 }), value), {
        selector: ([minute]) => minute,
        minLength: 2,
        maxLength: 14,
      })
      .map((list) => list.map(([minute, level]) => at(minute, level)));
    await fc.assert(
      fc.asyncProperty(values, fc.infiniteStream(fc.nat()), async (list, random) => {
        const inOrder = [...list].sort((a, b) => a.phenomenonTime - b.phenomenonTime);
        const shuffled = list
          .map((one) => [random.next().value as number, one] as const)
          .sort(([a], [b]) => a - b)
          .map(([, one]) => one);
        expect(await arrive(shuffled)).toEqual(await arrive(inOrder));
      }),
      { numRuns: 150 },
    );
  });

  it('reaches as far as a flat line does', async () => {
    const flat = Array.from({ length: 40 }, (_, i) => at(i * 60, 0.5));
    const late = flat.filter((_, i) => i !== 3);
    expect(await arrive([...late, flat[3] as Observation])).toEqual(await arrive(flat));
  });
});
