import { describe, expect, it } from 'vitest';
import { fillLevel, mountingOf, waterLevel } from './mounting.ts';

describe('fillLevel', () => {
  it.each([
    [2000, 0],
    [1100, 50],
    [200, 100],
    [50, 100],
    [2060, 0],
  ])('at %i mm is %i %%', (distance, percent) => expect(fillLevel(distance, 2000, 200)).toBe(percent));

  it('leaves a reading far below the floor for the range test to fail', () => {
    expect(fillLevel(4000, 2000, 200)).toBeLessThan(-100);
  });
});

describe('waterLevel', () => {
  it('falls below the datum where the surface is farther away than the datum', () => {
    expect(waterLevel(3100, 5.35)).toBeCloseTo(2.25, 9);
    expect(waterLevel(6000, 5.35)).toBeCloseTo(-0.65, 9);
  });
});

describe('mountingOf', () => {
  it('says nothing without parameters, and nothing by half', () => {
    expect(mountingOf({ utcOffsetMinutes: 60 })).toEqual({ derivations: [], warnings: [] });
    expect(mountingOf({ emptyDistanceMm: 2000 })).toEqual({ derivations: [], warnings: [] });
  });

  it('takes all that fit at once', () => {
    const { derivations } = mountingOf({ emptyDistanceMm: 2000, fullDistanceMm: 0, sensorHeightM: 4 });
    expect(derivations.map(({ to, derive }) => [to, derive(500)])).toEqual([
      ['fill_level', 75],
      ['water_level', 3.5],
    ]);
  });

  it.each([
    [{ emptyDistanceMm: 200, fullDistanceMm: 200 }, /larger than/],
    [{ sensorHeightM: 'high' }, /must be numbers/],
  ])('warns of %o', (parameters, message) => {
    expect(mountingOf(parameters)).toEqual({ derivations: [], warnings: [expect.stringMatching(message)] });
  });
});
