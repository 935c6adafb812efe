import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../model/observation.ts';
import { LARGEST_POSITION, lineOf, misfit, packOrigin, seriesKey, unpackOrigin } from './point.ts';

const observation: Observation = {
  datastream: 1,
  phenomenonTime: 1_790_000_000_123,
  value: 61.5,
  flag: 1,
  tests: 0,
  position: 7,
  record: 2,
  receivedAt: 0,
  storedAt: 0,
};

describe('point', () => {
  it('packs and unpacks origin without loss, in the order of position and record', () => {
    const stamp = fc.record({
      position: fc.integer({ min: 1, max: Math.floor(LARGEST_POSITION) }),
      record: fc.integer({ min: 0, max: 127 }),
      tests: fc.integer({ min: 0, max: 255 }),
      flag: fc.constantFrom(1, 2, 3, 4, 9),
    });
    fc.assert(
      fc.property(stamp, stamp, (a, b) => {
        expect(Number.isSafeInteger(packOrigin(a))).toBe(true);
        expect(unpackOrigin(packOrigin(a))).toEqual(a);
        const later = a.position - b.position || a.record - b.record;
        if (later !== 0) expect(Math.sign(packOrigin(a) - packOrigin(b))).toBe(Math.sign(later));
      }),
    );
  });

  it('writes a usable value, a refused one and a missing one under different fields', () => {
    const key = 'fill_level,datastream=s.fill_level,thing=s';
    const origin = packOrigin(observation);
    expect(lineOf(key, observation)).toBe(`${key} value=61.5,origin=${origin}i 1790000000123`);
    expect(lineOf(key, { ...observation, flag: 4, tests: 1 })).toContain(' failed=61.5,origin=');
    expect(lineOf(key, { ...observation, value: null, flag: 9 })).toMatch(/thing=s origin=\d+i 1790000000123$/);
  });

  it('escapes what names a series', () => {
    const datastream = { id: 'a b.flow.x=1,y', key: 1, thing: 'a b', property: 'flow', channel: 'x=1,y', unit: 'm3' };
    expect(seriesKey(datastream)).toBe(String.raw`flow,datastream=a\ b.flow.x\=1\,y,thing=a\ b`);
  });

  it.each([
    [{ value: Number.NaN }, 'finite'],
    [{ value: Number.POSITIVE_INFINITY }, 'finite'],
    [{ phenomenonTime: 1.5 }, 'millisecond'],
    [{ record: 128 }, 'record'],
    [{ position: LARGEST_POSITION * 2 }, 'position'],
  ])('refuses %j', (change, word) => {
    expect(misfit({ ...observation, ...change })).toContain(word);
    expect(misfit(observation)).toBeUndefined();
  });
});
