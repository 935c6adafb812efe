import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.UTC(2026, 9, 1, 12);

describe('Retry-After', () => {
  it.each([
    ['2', 2_000],
    [' 120 ', 120_000],
    ['Thu, 01 Oct 2026 12:00:05 GMT', 5_000],
    ['Thu, 01 Oct 2026 11:59:00 GMT', undefined],
    ['0', undefined],
    ['-3', undefined],
    ['2.5', undefined],
    ['soon', undefined],
    ['some day GMT', undefined],
    ['2027-01-01', undefined],
    ['9'.repeat(400), undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });
});
