import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRfc3339 } from '../../model/time.ts';
import { firstTime, timeOf, unixTimeOf } from './times.ts';

describe('timeOf', () => {
  it('agrees with the model on every spelling', () => {
    const pad = (length: number) => (value: number) => String(value).padStart(length, '0');
    const two = fc.nat(65).map(pad(2));
    const text = fc
      .tuple(
        fc.integer({ min: 2015, max: 2089 }).map(pad(4)),
        two,
        two,
        two,
        two,
        two,
        // V8 misreads fractions of ten digits and more, which timeOf does not
        fc.option(fc.stringMatching(/^\d{0,9}$/)),
        fc.constantFrom('Z', 'z', '+00:00', '+02:30', '-00:00', ''),
      )
      .map(([y, mo, d, h, mi, s, f, zone]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${f === null ? '' : `.${f}`}${zone}`);
    fc.assert(
      fc.property(text, (value) => timeOf(value) === parseRfc3339(value)),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2015-01-01'), max: new Date('2089-12-31'), noInvalidDate: true }),
        (date) => timeOf(date.toISOString()) === date.getTime(),
      ),
    );
    expect(timeOf('2026-03-02T07:15:31')).toBeUndefined();
    expect(timeOf('2026-03-02T07:15:31.0001000000Z')).toBe(Date.UTC(2026, 2, 2, 7, 15, 31));
  });
});

describe('other times', () => {
  const at = Date.UTC(2026, 2, 2, 7, 15, 31, 123);

  it('reads ticks since 1970 as numbers and as digits, and believes no broken clock', () => {
    expect(unixTimeOf(at)).toBe(at);
    expect(unixTimeOf(String(at))).toBe(at);
    expect(unixTimeOf(at / 1000, 1)).toBe(at);
    for (const value of [0, at * 10, Number.NaN, '', '1e12', '-5', null, {}]) expect(unixTimeOf(value)).toBeUndefined();
  });

  it('takes the first plausible one, and the arrival only where there is none at all', () => {
    expect(firstTime([undefined, '1970-01-01T00:00:00Z', '2026-03-02T07:15:31.123Z'], 5)).toBe(at);
    expect(firstTime([undefined, null], at)).toBe(at);
    for (const run of [() => firstTime([undefined], undefined), () => firstTime(['1970-01-01T00:00:00Z'], at)])
      expect(run).toThrow(expect.objectContaining({ code: 'HUB_ENVELOPE_TIME' }));
  });
});
