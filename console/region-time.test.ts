import { describe, expect, it } from 'vitest';
import { hoursWithin, regionTime, zoneOf } from './region-time.ts';

const german = regionTime('de', 'Europe/Berlin');
const at = (text: string) => Date.parse(text);
const plain = (text: string) => text.replaceAll(/[\u00A0\u202F]/g, ' ');

describe('the region’s zone', () => {
  it('is the one that the hub names, or Berlin’s', () => {
    expect(zoneOf('America/New_York')).toBe('America/New_York');
    expect(zoneOf(undefined)).toBe('Europe/Berlin');
    expect(zoneOf('Mars/Olympus')).toBe('Europe/Berlin');
  });

  it('tells the time, not the reader’s', () => {
    expect(german.clock(at('2026-01-31T23:05:00Z'))).toBe('00:05');
    expect(german.day(at('2026-01-31T23:05:00Z'))).toMatch(/^So\.?, 1\.2\.$/);
    expect(regionTime('en', 'America/New_York').clock(at('2026-01-31T23:05:00Z'))).toBe('18:05');
    expect(regionTime('en', 'Europe/Berlin').day(at('2026-01-31T23:05:00Z'))).toMatch(/^Sun,? 01\/02$/);
  });

  it('goes from 2 to 3 o’clock in spring', () => {
    expect(german.clock(at('2026-03-29T00:59:00Z'))).toBe('01:59');
    expect(german.clock(at('2026-03-29T01:00:00Z'))).toBe('03:00');
    expect(plain(german.full(at('2026-03-29T01:00:00Z')))).toBe('Sonntag, 29. März 2026 um 03:00:00 MESZ');
  });

  it('has the hour from 2 to 3 twice in autumn, told apart by name', () => {
    const [first, second] = [at('2026-10-25T00:30:00Z'), at('2026-10-25T01:30:00Z')];
    expect([german.clock(first), german.clock(second)]).toEqual(['02:30', '02:30']);
    expect(german.full(first)).toContain('02:30:00 MESZ');
    expect(german.full(second)).toContain('02:30:00 MEZ');
  });
});

describe('the hours of a chart', () => {
  const hours = (from: string, to: string, every: number) =>
    hoursWithin({ from: at(from), to: at(to) }, every, german)
      .map((time) => german.clock(time))
      .join(' ');

  it('are those of the region', () => {
    expect(hours('2026-01-10T10:20:00Z', '2026-01-11T10:20:00Z', 4)).toBe('12:00 16:00 20:00 00:00 04:00 08:00');
    expect(hours('2026-01-10T11:00:00Z', '2026-01-10T15:00:00Z', 2)).toBe('12:00 14:00 16:00');
  });

  it.each([
    [1, '00:00 01:00 03:00 04:00 05:00'],
    [2, '00:00 04:00'],
    [3, '00:00 03:00'],
  ])('leave out in spring what there is not, every %d h', (every, texts) => {
    expect(hours('2026-03-28T23:00:00Z', '2026-03-29T03:00:00Z', every)).toBe(texts);
  });

  it.each([
    [1, '00:00 01:00 02:00 02:00 03:00 04:00'],
    [2, '00:00 02:00 04:00'],
    [3, '00:00 03:00'],
  ])('do not crowd in autumn, every %d h', (every, texts) => {
    expect(hours('2026-10-24T22:00:00Z', '2026-10-25T03:00:00Z', every)).toBe(texts);
  });

  it('stay on the hour in zones that are not', () => {
    const indian = regionTime('en', 'Asia/Kolkata');
    const span = { from: at('2026-01-10T00:00:00Z'), to: at('2026-01-10T03:00:00Z') };
    expect(hoursWithin(span, 1, indian).map((time) => indian.clock(time))).toEqual(['06:00', '07:00', '08:00']);
  });
});
