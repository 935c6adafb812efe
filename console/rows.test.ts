import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LatestValue, LiveObservation } from './api.ts';
import { mergeLive, rowsOf } from './rows.ts';

const latest: LatestValue = {
  datastream: 'pegel-laboe.water_level',
  property: 'water_level',
  channel: 'a',
  unit: 'm',
  value: 0.4,
  quality: 'notEvaluated',
  failedTests: [],
  phenomenonTime: '2026-03-02T07:10:00Z',
  ageS: 60,
  delayMinutes: 60,
  reportingIntervalS: 600,
  useCase: 'coast',
  thing: { id: 'pegel-laboe', name: 'Pegel Laboe', simulated: true },
};
const id = latest.datastream;
const event = (minute: number, value: number, more: Partial<LiveObservation> = {}): LiveObservation => ({
  datastream: id,
  value,
  quality: 'pass',
  failedTests: [],
  phenomenonTime: new Date(Date.UTC(2026, 2, 2, 7, minute)).toISOString(),
  ...more,
});
const loaded = rowsOf([latest], new Map());

describe('rows', () => {
  it('hold the newest value with what is known of its datastream', () => {
    expect(loaded.get(id)).toMatchObject({
      value: 0.4,
      channel: 'a',
      delayMs: 3_600_000,
      intervalMs: 600_000,
      time: Date.UTC(2026, 2, 2, 7, 10),
    });
  });

  it('take a newer value and learn the gap', () => {
    const { rows } = mergeLive(loaded, [event(20, 0.5)]);
    expect(rows.get(id)).toMatchObject({ value: 0.5, quality: 'pass', gapsMs: [600_000] });
    expect(loaded.get(id)?.value).toBe(0.4);
  });

  it('never go back to an older one', () => {
    expect(mergeLive(loaded, [event(9, 9)]).rows).toBe(loaded);
  });

  it('take another judgement of the same instant', () => {
    const { rows } = mergeLive(loaded, [event(10, 0.4, { quality: 'fail', failedTests: ['spike'] })]);
    expect(rows.get(id)).toMatchObject({ quality: 'fail', failedTests: ['spike'], gapsMs: [] });
    expect(rows.size).toBe(1);
  });

  it('hand back what they do not hold', () => {
    const stranger = event(20, 1, { datastream: 'new.water_level' });
    expect(mergeLive(loaded, [stranger, event(20, 0.5)])).toMatchObject({ unknown: [stranger] });
  });

  it('keep what they learnt when loaded again', () => {
    const { rows: before } = mergeLive(loaded, [event(20, 0.5)]);
    expect(rowsOf([latest], before).get(id)?.gapsMs).toEqual([600_000]);
  });

  it('end with the newest value, in whatever order and however often events arrive', () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 59 }), { minLength: 1 });
    fc.assert(
      fc.property(minutes, (list) => {
        const row = mergeLive(
          loaded,
          [...list, ...list].map((minute) => event(minute, minute)),
        ).rows.get(id);
        const newest = Math.max(...list);
        expect(row?.value).toBe(newest < 10 ? 0.4 : newest);
      }),
    );
  });
});
