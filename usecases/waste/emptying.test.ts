import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillLevel } from '../../devices/mounting.ts';
import { DAY, HOUR } from '../../model/time.ts';
import { demoRegion } from '../../simulator/demo-region.ts';
import { keyOf } from '../../simulator/random.ts';
import { numberAt } from '../../simulator/sensors/sensor.ts';
import { em400Tld, wilsenSonicLevel } from '../../simulator/sensors/waste.ts';
import type { SlotEvent } from '../../simulator/truth/fill.ts';
import { createWorld, type Placed } from '../../simulator/truth/world.ts';
import { type Emptying, type FillValue, findEmptyings } from './emptying.ts';

const T0 = Date.UTC(2026, 2, 2);
const hourly = (...percents: number[]): FillValue[] => percents.map((percent, i) => ({ time: T0 + i * HOUR, percent }));
const found = (values: readonly FillValue[]) =>
  findEmptyings(values).map(({ time, before, after }) => [(time - T0) / HOUR, before, after]);

describe('emptyings', () => {
  it('stand at the first value after them', () => {
    expect(found(hourly(70, 71, 71, 72, 2, 2, 3, 3, 4))).toEqual([[4, 71, 3]]);
    expect(found(hourly(70, 71, 72, 2))).toEqual([]);
    expect(found(hourly(70, 71, 72, 2, 2))).toEqual([[3, 71, 2]]);
  });

  it('are not made by a bag before the sensor, a lost echo, or content that settles', () => {
    expect(found(hourly(40, 40, 100, 41, 41, 42))).toEqual([]);
    expect(found(hourly(100, 41, 41))).toEqual([]);
    expect(found(hourly(59, 60, 60, 100, 100, 60, 61, 61, 62, 62))).toEqual([]);
    expect(found(hourly(60, 60, 61, 0, 61, 62, 62))).toEqual([]);
    expect(found(hourly(60, 60, 61, 0))).toEqual([]);
    expect(found(hourly(60, 60, 61, 0, 61))).toEqual([]);
    expect(found(hourly(60, 61, 61, 55, 55, 56, 56))).toEqual([]);
  });

  it('are found beside such values, with less confidence', () => {
    const clean = findEmptyings(hourly(70, 71, 71, 72, 72, 2, 2, 3, 3, 4));
    const rough = findEmptyings(hourly(70, 71, 100, 0, 72, 2, 99, 3, 3, 4));
    expect(clean).toMatchObject([{ time: T0 + 5 * HOUR, confidence: 1 }]);
    expect(rough).toMatchObject([{ time: T0 + 5 * HOUR, confidence: 0.8 }]);
  });

  it('are not guessed across a long silence', () => {
    const before = hourly(70, 70, 71, 71, 72);
    const after = hourly(2, 2, 3, 3, 4);
    const late = (hours: number) => after.map(({ time, percent }) => ({ time: time + hours * HOUR, percent }));
    expect(findEmptyings([...before, ...late(30)])).toHaveLength(1);
    expect(findEmptyings([...before, ...late(200)])).toEqual([]);
  });

  it('depend on nothing farther away than their evidence and a week', () => {
    const percent = fc.constantFrom(0, 5, 30, 60, 100);
    const series = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 40 }), percent), { minLength: 10, maxLength: 60 })
      .map((steps) => {
        let time = T0;
        return steps.map(([hours, level]) => {
          time += hours * HOUR;
          return { time, percent: level };
        });
      });
    fc.assert(
      fc.property(series, (values) => {
        for (const emptying of findEmptyings(values)) {
          const known = values.filter(({ time }) => time <= emptying.evidenceTo && time >= emptying.time - 7 * DAY);
          expect(findEmptyings(known)).toContainEqual(emptying);
        }
      }),
    );
  });
});

const seed = 5;
const SPAN = 42 * DAY;

/** What the hub makes of the readings of a slot's sensor. */
const valuesOf = ({ device, deployment, truth }: Placed): FillValue[] => {
  if (truth.kind !== 'container_slot') return [];
  const mounting = deployment.parameters;
  const place = { ...truth, key: keyOf(device.id, seed), deployedAt: T0, mounting };
  const sensor = device.profile.startsWith('milesight') ? em400Tld(place) : wilsenSonicLevel(place);
  const values: FillValue[] = [];
  for (let interval = 0; sensor.firstAt + interval * sensor.intervalMs < T0 + SPAN; interval++) {
    for (const { time, fields } of sensor.transmissions(interval)) {
      const distanceMm = fields.distance ?? (fields.distance_cm === null ? null : Number(fields.distance_cm) * 10);
      if (distanceMm === null) continue;
      const [empty, full] = [numberAt(mounting, 'emptyDistanceMm', 0), numberAt(mounting, 'fullDistanceMm', 0)];
      values.push({ time, percent: fillLevel(Number(distanceMm), empty, full) });
    }
  }
  return values;
};

it('are those of the simulation: 98 of 100 are found, and 98 of 100 found are real', () => {
  const { placed } = createWorld(demoRegion({ seed, deployedAt: T0 }), seed);
  const isOf = ({ at }: SlotEvent, { time }: Emptying) => time >= at && time < at + 6 * HOUR;
  const counts = { real: 0, hits: 0, found: 0, right: 0 };
  for (const slot of placed) {
    if (slot.truth.kind !== 'container_slot') continue;
    const emptyings = findEmptyings(valuesOf(slot));
    const events = slot.truth.slot.events(T0, T0 + SPAN).filter(({ kind }) => kind !== 'settled');
    // Of the very first and last hours there are too few values.
    const fair = events.filter(({ at }) => at > T0 + 12 * HOUR && at < T0 + SPAN - 12 * HOUR);
    counts.real += fair.length;
    counts.hits += fair.filter((event) => emptyings.some((emptying) => isOf(event, emptying))).length;
    counts.found += emptyings.length;
    counts.right += emptyings.filter((emptying) => events.some((event) => isOf(event, emptying))).length;
  }
  expect(counts.real).toBeGreaterThan(300);
  expect(counts.hits / counts.real).toBeGreaterThanOrEqual(0.98);
  expect(counts.right / counts.found).toBeGreaterThanOrEqual(0.98);
}, 60_000);
