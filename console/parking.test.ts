import { describe, expect, it } from 'vitest';
import { freeBays, freeByPlace } from './parking.ts';
import type { Row } from './rows.ts';
import { thingsOf } from './things.ts';

const NOW = Date.UTC(2026, 2, 2, 12);
const HOUR = 3_600_000;

const bay = (site: string, number: number, value: number | null, more: Partial<Row> = {}): Row => ({
  id: `${site}-${number}.occupied`,
  property: 'occupied',
  unit: '1',
  value,
  quality: 'pass',
  failedTests: [],
  time: NOW - HOUR,
  intervalMs: 4 * HOUR,
  useCase: 'parking',
  thing: { id: `${site}-${number}`, name: `${site}, Platz ${number}`, simulated: true },
  site: { id: site.toLowerCase(), name: site },
  delayMs: 0,
  gapsMs: [],
  ...more,
});

describe('free bays', () => {
  const bays = thingsOf([
    bay('Markt', 1, 0),
    bay('Hafen', 1, 0),
    bay('Hafen', 2, 1),
    bay('Hafen', 3, 0),
    bay('Hafen', 4, 0, { quality: 'fail' }),
    bay('Hafen', 5, null, { quality: 'missing' }),
    bay('Hafen', 6, 0, { time: NOW - 13 * HOUR }),
    bay('Strand', 1, null, { quality: 'missing' }),
  ]);

  it('are counted by place, among those whose state is known', () => {
    expect(freeByPlace(bays, NOW).map(({ name, free, known }) => [name, free, known])).toEqual([
      ['Hafen', 2, 3],
      ['Markt', 1, 1],
    ]);
  });

  it('are counted in all', () => {
    expect(freeBays(bays, NOW)).toBe(3);
    // Nothing known is not nothing free.
    expect(freeBays(bays, NOW + 24 * HOUR)).toBeUndefined();
  });
});
