import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../model/time.ts';
import { durationText, interpolate, intervalOf, type Scope } from './interpolate.ts';

const scope: Scope = {
  from: 1_000,
  to: 5_000,
  intervalMs: 600_000,
  variables: new Map([
    ['site', ['a.b', 'c/d']],
    ['one', ['x-1']],
    ['none', []],
  ]),
};

describe('interpolate', () => {
  it('bounds the time and groups it', () => {
    const text = `SELECT 1 WHERE $timeFilter GROUP BY time($__interval), time($interval), $__interval_ms, \${__to}`;
    expect(interpolate(text, scope)).toBe(
      'SELECT 1 WHERE time >= 1000ms and time <= 5000ms GROUP BY time(10m), time(10m), 600000, 5000',
    );
  });

  it('escapes choices for a regular expression', () => {
    expect(interpolate(`=~ /^\${site:regex}$/ =~ /^\${one:regex}$/ \${site:pipe}`, scope)).toBe(
      '=~ /^(a\\.b|c\\/d)$/ =~ /^x-1$/ a.b|c/d',
    );
  });

  it('refuses a variable without a choice, and one that is not there', () => {
    expect(() => interpolate(`\${none:regex}`, scope)).toThrow('none');
    expect(() => interpolate(`\${nobody}`, scope)).toThrow('nobody');
  });

  it('knows the dashboard as an instant', () => {
    expect(interpolate(`\${__from:date:iso}`, scope)).toBe('1970-01-01T00:00:01.000Z');
  });
});

it('widens the interval with the span, and never below the panel’s own', () => {
  expect(durationText(intervalOf(HOUR, undefined))).toBe('10s');
  expect(durationText(intervalOf(7 * DAY, undefined))).toBe('15m');
  expect(durationText(intervalOf(HOUR, '1h'))).toBe('1h');
});
