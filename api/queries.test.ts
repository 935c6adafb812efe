import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../model/errors.ts';
import { bucketStart } from '../store/buckets.ts';
import type { Every } from '../store/observations.ts';
import { bboxQuery, isWithin } from './bbox.ts';
import { decodeCursor, encodeCursor } from './paging.ts';
import { endOfBuckets, everyQuery } from './series/every-query.ts';
import { qualityQuery } from './series/quality-query.ts';

describe('cursors', () => {
  it('give back what they hold, to their own list', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (list, after) => {
        expect(decodeCursor(list, encodeCursor(list, after))).toBe(after);
        expect(() => decodeCursor(`${list}x`, encodeCursor(list, after))).toThrow(HubError);
      }),
    );
  });

  it('that are none are refused with a code, whatever they are', () => {
    const json = fc.json().map((text) => Buffer.from(text).toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), json), (cursor) => {
        try {
          decodeCursor('a list of the test', cursor);
          expect.unreachable();
        } catch (thrown) {
          expect((thrown as HubError).code).toBe('HUB_CURSOR_INVALID');
        }
      }),
    );
  });
});

describe('bounding boxes', () => {
  it('are four numbers within the world', () => {
    expect(bboxQuery.parse(' 10.1, 54.2,10.4,54.5')).toEqual({ west: 10.1, south: 54.2, east: 10.4, north: 54.5 });
    for (const text of [
      '',
      '1,2,3',
      '1,2,3,4,5',
      '1,2,3,',
      'a,b,c,d',
      '10,55,11,54',
      '181,0,182,1',
      '0,-91,1,0',
      '1e3,0,0,0',
      'NaN,0,1,1',
      'Infinity,0,1,1',
    ]) {
      expect(bboxQuery.safeParse(text).success, text).toBe(false);
    }
  });

  it('may cross the antimeridian', () => {
    const box = bboxQuery.parse('170,-10,-170,10');
    expect([
      isWithin([175, 0], box),
      isWithin([-175, 0], box),
      isWithin([0, 0], box),
      isWithin([175, 11], box),
    ]).toEqual([true, true, false, false]);
  });
});

describe('widths of buckets', () => {
  const every = everyQuery('Europe/Berlin');

  it('are fixed below a day and local from a day on', () => {
    expect([every.parse('15m'), every.parse('36h')]).toEqual([{ ms: 900_000 }, { ms: 129_600_000 }]);
    expect(every.parse('1mo')).toEqual({ calendar: 'month', timeZone: 'Europe/Berlin' });
    for (const text of ['', '0s', '2d', '1', 'h', '-1h', '1.5h', '1h ', '9999999s', '500ms', '1M'])
      expect(every.safeParse(text).success, text).toBe(false);
  });

  it('end a page where a bucket ends, never beyond the span', () => {
    const width = fc.constantFrom<Every>(...['90s', '7h', '1d', '1w', '1mo', '1y'].map((text) => every.parse(text)));
    const time = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) });
    fc.assert(
      fc.property(
        width,
        time,
        fc.integer({ min: 1, max: 1e10 }),
        fc.integer({ min: 1, max: 50 }),
        (one, from, span, count) => {
          const to = from + span;
          const end = endOfBuckets(one, { from, to, count });
          expect(end).toBeGreaterThan(from);
          expect(end).toBeLessThanOrEqual(to);
          if (end < to) expect(bucketStart(end, one)).toBe(end);
        },
      ),
    );
  });
});

describe('quality', () => {
  it('is named, all, or refused', () => {
    expect(qualityQuery.parse(undefined)).toEqual(['pass', 'notEvaluated', 'suspect']);
    expect(qualityQuery.parse('all')).toHaveLength(5);
    expect(qualityQuery.parse('pass, suspect')).toEqual(['pass', 'suspect']);
    for (const text of ['', 'good', 'pass,', '1', 'toString'])
      expect(qualityQuery.safeParse(text).success, text).toBe(false);
  });
});
