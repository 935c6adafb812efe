import { describe, expect, it } from 'vitest';
import { createTongue } from './tongue.ts';
import { german } from './words-de.ts';
import { english } from './words-en.ts';

const de = createTongue('de', 'Europe/Berlin');
const en = createTongue('en', 'Europe/Berlin');

describe('a tongue', () => {
  it('writes numbers with their units, and states as words', () => {
    expect(de.quantity(-0.234, { unit: 'm', property: 'water_level' })).toBe('−0,23\u202fm');
    expect(en.quantity(1234.56, { unit: 'hPa', property: 'air_pressure' })).toBe('1,234.6\u202fhPa');
    expect(en.quantity(-0.001, { unit: 'm', property: 'water_level' })).toBe('0.00\u202fm');
    expect(de.quantity(271, { unit: 'deg', property: 'wind_direction' })).toBe('271°');
    expect(de.quantity(1, { unit: '1', property: 'occupied' })).toBe('belegt');
    expect(en.quantity(12, { unit: '{count}', property: 'vehicle_count' })).toBe('12');
  });

  it('never rounds something away, nor a gap full', () => {
    expect([0, 0.000_1, 0.5, 0.999_9, 1].map(en.share)).toEqual(
      ['0', '0.1', '50', '99.9', '100'].map((text) => `${text}\u202f%`),
    );
  });

  it('tells times of the region, durations in the largest whole unit', () => {
    expect(en.time(Date.UTC(2026, 2, 2, 23, 30))).toBe('3 Mar 2026, 00:30');
    expect([1, 90, 60, 120, 1_440, 4_320].map(de.duration)).toEqual([
      '1 Minute',
      '90 Minuten',
      '1 Stunde',
      '2 Stunden',
      '1 Tag',
      '3 Tage',
    ]);
  });

  it('has the same words in both languages', () => {
    const keysOf = (words: object): string[] =>
      Object.entries(words).flatMap(([key, value]) =>
        typeof value === 'object' ? [key, ...keysOf(value).map((inner) => `${key}.${inner}`)] : [key],
      );
    expect(keysOf(german).sort()).toEqual(keysOf(english).sort());
  });
});
