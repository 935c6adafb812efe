import { describe, expect, it } from 'vitest';
import type { Thing } from '../../model/registry.ts';
import { DAY, HOUR, MINUTE } from '../../model/time.ts';
import { demoRegion } from '../../simulator/demo-region.ts';
import { keyOf } from '../../simulator/random.ts';
import { dlMbx } from '../../simulator/sensors/gauges.ts';
import { numberAt } from '../../simulator/sensors/sensor.ts';
import { createWorld } from '../../simulator/truth/world.ts';
import { findHighWaters, type Level, smoothed } from './high-water.ts';
import { meanWaterOf, surgeClassOf } from './surge.ts';

const T0 = Date.UTC(2026, 0, 10);
const every = (minutes: number, ...levels: number[]): Level[] =>
  levels.map((aboveMeanM, i) => ({ time: T0 + i * minutes * MINUTE, aboveMeanM }));
const found = (levels: readonly Level[]) =>
  findHighWaters(levels).map(({ from, to, highest }) => [(from - T0) / HOUR, (to - T0) / HOUR, highest.aboveMeanM]);

describe('high waters', () => {
  it('last from the first to the last value of a metre', () => {
    expect(found(every(60, 0.5, 0.9, 1, 1.3, 1.1, 0.9, 0.4))).toEqual([[2, 4, 1.3]]);
    expect(found(every(60, 0.5, 0.9, 0.99, 0.9, 0.5))).toEqual([]);
  });

  it('are one while the water does not fall well below a metre, and two when it does', () => {
    expect(found(every(60, 0.5, 1.1, 0.85, 1.2, 0.5))).toEqual([[1, 3, 1.2]]);
    expect(found(every(60, 0.5, 1.1, 0.75, 1.2, 0.5))).toHaveLength(2);
  });

  it('do not reach across a silence of a night and a half', () => {
    const later = every(60, 1.2, 0.5).map((level) => ({ ...level, time: level.time + 20 * HOUR }));
    expect(found([...every(60, 0.5, 1.1), ...later])).toHaveLength(2);
  });

  it('are not made by a gull in the beam, be it the newest value', () => {
    expect(found(smoothed(every(10, 0.3, 0.3, 1.6, 0.3, 0.3)))).toEqual([]);
    expect(found(smoothed(every(10, 0.3, 0.3, 1.6)))).toEqual([]);
    expect(found(smoothed(every(10, 1.6, 0.3)))).toEqual([]);
    expect(found(smoothed(every(10, 0.3, 1.1, 1.6, 1.2, 0.3)))).toEqual([[10 / 60, 0.5, 1.2]]);
  });
});

describe('classes', () => {
  it('are those of the BSH', () => {
    expect([1, 1.249, 1.25, 1.499, 1.5, 2, 2.001].map(surgeClassOf)).toEqual([
      'storm_surge',
      'storm_surge',
      'medium_storm_surge',
      'medium_storm_surge',
      'heavy_storm_surge',
      'heavy_storm_surge',
      'very_heavy_storm_surge',
    ]);
  });

  it('need to know where the mean water is', () => {
    const gauge = (properties: Thing['properties']): Thing => {
      return { id: 'g', name: 'G', kind: 'gauge', simulated: false, properties };
    };
    expect(meanWaterOf(gauge({ datum: 'NHN' }))).toBe(0);
    expect(meanWaterOf(gauge({ datum: 'PNP', meanWaterM: 5.02 }))).toBe(5.02);
    expect(meanWaterOf(gauge({ datum: 'PNP' }))).toBeUndefined();
    expect(meanWaterOf(gauge({}))).toBeUndefined();
  });
});

it('finds the storms of the simulation through the noise of its sensors', () => {
  const seed = 2;
  const from = Date.UTC(2025, 9, 1);
  const until = from + 120 * DAY;
  const { placed } = createWorld(demoRegion({ seed, deployedAt: from }), seed);
  const counts = { real: 0, found: 0, met: 0 };
  for (const { device, deployment, truth } of placed) {
    if (truth.kind !== 'gauge' || device.profile !== 'decentlab/dl-mbx') continue;
    const mounting = deployment.parameters;
    const sensor = dlMbx({ ...truth, key: keyOf(device.id, seed), deployedAt: from, mounting });
    const height = numberAt(mounting, 'sensorHeightM', 0);
    const measured: Level[] = [];
    for (let interval = 0; sensor.firstAt + interval * sensor.intervalMs < until; interval++) {
      for (const { time, fields } of sensor.transmissions(interval))
        measured.push({ time, aboveMeanM: height - Number(fields.distance) / 1_000 });
    }
    const exact = measured.map(({ time }) => ({ time, aboveMeanM: truth.water.levelM(time) }));
    const waters = findHighWaters(smoothed(measured));
    const real = findHighWaters(exact);
    counts.real += real.length;
    counts.found += waters.length;
    counts.met += real.filter(({ highest }) =>
      waters.some((water) => water.from <= highest.time && water.to >= highest.time),
    ).length;
  }
  expect(counts.real).toBeGreaterThan(30);
  expect(counts.met / counts.real).toBeGreaterThan(0.98);
  expect(counts.found / counts.real).toBeLessThan(1.03);
});
