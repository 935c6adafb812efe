import { describe, expect, it } from 'vitest';
import { ageText, isStale, usualIntervalMs } from './freshness.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const plain = (text: string) => text.replaceAll('\u00A0', ' ');

describe('an age', () => {
  it.each([
    [-30_000, 'gerade eben', 'just now'],
    [0, 'gerade eben', 'just now'],
    [44_000, 'gerade eben', 'just now'],
    [46_000, 'vor 1 min', '1 min ago'],
    [3 * MINUTE, 'vor 3 min', '3 min ago'],
    [59.4 * MINUTE, 'vor 59 min', '59 min ago'],
    [59.6 * MINUTE, 'vor 1 h', '1 h ago'],
    [26 * HOUR, 'vor 26 h', '26 h ago'],
    [47.6 * HOUR, 'vor 2 Tagen', '2 days ago'],
    [49 * HOUR, 'vor 2 Tagen', '2 days ago'],
    [-5 * MINUTE, 'in 5 min', 'in 5 min'],
  ])('of %d ms is said', (age, de, en) => {
    expect(plain(ageText(age, 'de'))).toBe(de);
    expect(plain(ageText(age, 'en'))).toBe(en);
  });
});

describe('a stale value', () => {
  const row = { useCase: 'traffic', gapsMs: [], time: 0, delayMs: 0 };

  it('is older than three usual intervals', () => {
    expect(isStale(row, 45 * MINUTE)).toBe(false);
    expect(isStale(row, 46 * MINUTE)).toBe(true);
  });

  it('is not one that is published with delay', () => {
    expect(isStale({ ...row, delayMs: HOUR }, 76 * MINUTE)).toBe(false);
    expect(isStale({ ...row, delayMs: HOUR }, 106 * MINUTE)).toBe(true);
  });

  it('is judged by what the hub says of its device, whatever was seen', () => {
    const gapsMs = [HOUR, HOUR, HOUR];
    expect(isStale({ ...row, intervalMs: 10 * MINUTE, gapsMs }, 30 * MINUTE)).toBe(false);
    expect(isStale({ ...row, intervalMs: 10 * MINUTE, gapsMs }, 31 * MINUTE)).toBe(true);
    expect(isStale({ ...row, intervalMs: HOUR }, 46 * MINUTE)).toBe(false);
  });

  it('is else judged by the gaps seen, once there are three; a burst or a loss among them does not matter', () => {
    expect(usualIntervalMs({ useCase: 'waste', gapsMs: [10 * MINUTE, 10 * MINUTE] })).toBe(2 * HOUR);
    expect(usualIntervalMs({ useCase: 'waste', gapsMs: [10 * MINUTE, 1_000, 10 * MINUTE, HOUR, 10 * MINUTE] })).toBe(
      10 * MINUTE,
    );
  });
});
