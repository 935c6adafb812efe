import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../../model/errors.ts';
import { parseFilter, parseOrderBy } from './parse.ts';
import { pathsOf } from './paths.ts';
import { print } from './print.ts';
import { MAX_CHARACTERS, MAX_DEPTH, MAX_NODES } from './scanner.ts';

const faultOf = (read: () => unknown): HubError => {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof HubError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
};

describe('parseFilter', () => {
  it.each([
    ['a eq 1 or b eq 2 and c eq 3', '(a eq 1) or ((b eq 2) and (c eq 3))'],
    ['(a eq 1 or b eq 2) and c eq 3', '((a eq 1) or (b eq 2)) and (c eq 3)'],
    ['a add b mul c gt 5', '(a add (b mul c)) gt 5'],
    ['a sub b sub c gt 5', '((a sub b) sub c) gt 5'],
    ['a gt 5 eq true', '(a gt 5) eq true'],
    ['not a eq 1 and b eq 2', '(not (a eq 1)) and (b eq 2)'],
    ['not (a eq 1) eq false', 'not ((a eq 1) eq false)'],
    ['-a mul 2 lt -5', '(-(a) mul 2) lt -5'],
    ['(((a))) EQ TRUE', 'a eq true'],
    ["name eq 'it''s'", "name eq 'it''s'"],
    ['Datastream/@iot.id eq 5', 'Datastream/@iot.id eq 5'],
    ['properties/list[2]/x-y eq null', 'properties/list/2/x-y eq null'],
    ['t ge 2026-01-31T08:00Z', 't ge 2026-01-31T08:00:00.000Z'],
    ['t ge 2026-01-31T08:00:00.5+01:00', 't ge 2026-01-31T08:00:00.500+01:00'],
    ['t lt 2026-01-31T08:00:00Z/PT1H', 't lt 2026-01-31T08:00:00.000Z/2026-01-31T09:00:00.000Z'],
    ['date(t) eq 2026-01-31', 'date(t) eq 2026-01-31'],
    ['time(t) lt 13:20', 'time(t) lt 13:20:00.000'],
    ["t sub duration'P1DT1.5S' lt now()", "(t sub duration'PT86401.500S') lt now()"],
    ["st_within(location,geography'SRID=4326;Point Z (1 2 3)')", "st_within(location,geography'POINT(1 2 3)')"],
    ['a eq 1.5E3 and b eq -2', '(a eq 1500) and (b eq -2)'],
  ])('reads %s', (text, printed) => {
    expect(print(parseFilter(text))).toBe(printed);
  });

  it.each([
    ['', 'character 1: expected a value, found the end'],
    ['result gt', 'character 10: expected a value, found the end'],
    ['result gt 20 )', 'character 14: expected an operator or the end, found ")"'],
    ['(result gt 20', 'expected an operator or ")", found the end'],
    ["name eq 'x", 'character 9: expected a closing quote'],
    ['result gt 20x', 'expected a space, "," or ")" after a literal, found "x"'],
    ['result', undefined],
    ['20', 'character 1: a number cannot stand here'],
    ['result add 1', undefined],
    ["result and 'x'", 'character 12: a text cannot stand here'],
    ['not 5', 'character 5: a number cannot stand here'],
    ["'a' add 1 eq 2", 'character 1: a text cannot stand here'],
    ["location eq geography'POINT(1 2)'", 'a geography cannot stand here'],
    ['foo(result) eq 1', 'expected an operator, found "(result) eq 1"'],
    ['Datastreams/any(d:d/name eq 1)', 'expected an operator'],
    ['length(name, name) eq 1', 'character 7: length takes 1 arguments, not 2'],
    ['substring(name) eq 1', 'substring takes 2 or 3 arguments, not 1'],
    ['year(5) eq 1', 'character 6: year takes no number here'],
    ["st_within(location,'POINT(1 2)')", 'st_within takes no text here'],
    ["st_within(location,geography'POINT(1)')", 'expected a longitude, a latitude and perhaps a height'],
    ["st_within(location,geography'POLYGON((0 0,1 0,1 1))')", 'expected at least four positions'],
    ["st_within(location,geography'POLYGON((0 0,1 0,1 1,2 2))')", 'expected a ring that ends where it began'],
    ["st_within(location,geography'SRID=25832;POINT(1 2)')", 'expected SRID=4326'],
    ["st_relate(location,location,'T**')", 'nine of 0, 1, 2, T, F, *'],
    ['t ge 2026-01-31T08:00:00', '"2026-01-31T08:00:00" is no time or interval with an offset'],
    ['t ge 2026-02-30T08:00:00Z', 'is no time'],
    ['t ge 2026-01-02T00:00:00Z/2026-01-01T00:00:00Z', 'is no time or interval'],
    ['t ge 25:00:00', '"25:00:00" is no time of day'],
    ["t ge duration'P1M'", '"P1M" is no duration of fixed length'],
    ['a eq 1e999', '1e999 is too large'],
    ['\0', 'expected a value'],
    ['result gt 20 \u{1f4a5}', 'expected an operator or the end'],
  ])('answers %j with the place and what was expected', (text, message) => {
    if (message === undefined) return expect(() => parseFilter(text)).not.toThrow();
    const fault = faultOf(() => parseFilter(text, 'query.$filter'));
    expect(fault.code).toBe('HUB_REQUEST_INVALID');
    expect(fault.message).toContain(message);
    expect(fault.faults).toEqual([
      { path: 'query.$filter', message: expect.stringContaining(message), hint: expect.stringMatching(/\w/) },
    ]);
  });

  it('stays within its limits', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}a eq 1${')'.repeat(depth)}`;
    expect(() => parseFilter(nested(MAX_DEPTH))).not.toThrow();
    expect(faultOf(() => parseFilter(nested(MAX_DEPTH + 1))).message).toContain(`more than ${MAX_DEPTH} deep`);
    const chain = (conditions: number) => Array.from({ length: conditions }, () => 'a eq 1').join(' or ');
    expect(() => parseFilter(chain(MAX_NODES / 4))).not.toThrow();
    expect(faultOf(() => parseFilter(chain(MAX_NODES / 4 + 1))).message).toContain(`more than ${MAX_NODES}`);
    const long = (length: number) => `name eq '${'x'.repeat(length - 10)}'`;
    expect(() => parseFilter(long(MAX_CHARACTERS))).not.toThrow();
    expect(faultOf(() => parseFilter(long(MAX_CHARACTERS + 1))).message).toContain(`${MAX_CHARACTERS} are allowed`);
    const collections = (depth: number) =>
      `st_within(l,geography'${'GEOMETRYCOLLECTION('.repeat(depth)}POINT(1 2)${')'.repeat(depth)}')`;
    expect(() => parseFilter(collections(3))).not.toThrow();
    expect(faultOf(() => parseFilter(collections(4))).message).toContain('collections at most 4 deep');
    expect(() => parseFilter(Array(100).fill('(a eq 1)').join(' or '))).not.toThrow();
    expect(faultOf(() => parseFilter(`${'a/'.repeat(30)}b eq 1`)).message).toContain('more than 20 steps');
  });

  it.each([
    '('.repeat(1_000),
    'not '.repeat(1_000),
    '-'.repeat(7_999),
    'tolower('.repeat(900),
    "'".repeat(7_999),
    `a eq ${'9'.repeat(7_000)}`,
    `${'a'.repeat(7_999)}(`,
    `t eq ${'2026-01-01T'.repeat(700)}`,
    `st_within(l,geography'${'GEOMETRYCOLLECTION('.repeat(400)}')`,
    `st_within(l,geography'POINT(${'1 '.repeat(3_900)})')`,
    '\0'.repeat(8_000),
    '\ud800'.repeat(8_000),
    'x'.repeat(10_000),
  ])('refuses hostile text %# within milliseconds', (text) => {
    const times = [1, 2, 3].map(() => {
      const before = performance.now();
      expect(faultOf(() => parseFilter(text)).status).toBe(400);
      return performance.now() - before;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });

  it('throws nothing but HubErrors for any text', () => {
    const pieces = fc.constantFrom(
      "'",
      "geography'",
      "duration'",
      'POINT(1 2)',
      '(',
      ')',
      ',',
      '/',
      ' ',
      ' and ',
      ' eq ',
      'not ',
      '-',
      '5',
      '2026-01-01T00:00:00Z',
      '12:00',
      'name',
      'tolower(',
      'st_within(',
      '[0]',
      '@iot.id',
      '\0',
      '\u{1f4a5}',
      'null',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((some) => some.join('')),
    );
    fc.assert(
      fc.property(text, (any) => {
        for (const read of [parseFilter, parseOrderBy])
          try {
            read(any);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(HubError);
          }
      }),
      { numRuns: 1_500 },
    );
  }, 60_000);
});

describe('parseOrderBy', () => {
  it('reads keys with and without a direction', () => {
    const keys = parseOrderBy('phenomenonTime desc,Datastream/name , length(name) asc');
    expect(keys.map(({ expression, descending }) => [print(expression), descending])).toEqual([
      ['phenomenonTime', true],
      ['Datastream/name', false],
      ['length(name)', false],
    ]);
  });

  it.each(['', 'name,', 'name down', 'name desc desc', Array(11).fill('name').join(',')])('refuses %j', (text) => {
    expect(faultOf(() => parseOrderBy(text)).faults[0]?.path).toBe('query.$orderby');
  });
});

describe('pathsOf', () => {
  it('names every path once', () => {
    const filter = parseFilter('result gt 1 and (Datastream/name eq name or -result lt length(Datastream/name))');
    expect(pathsOf(filter)).toEqual([['result'], ['Datastream', 'name'], ['name']]);
  });
});
