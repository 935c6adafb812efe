import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { optionsOfQuery } from './option-text.ts';
import { type Options, parseOptions } from './options.ts';

const parse = (query: string): Options => parseOptions(optionsOfQuery(query), 'Things');

const faultOf = (query: string): { path: string; hint?: string } | undefined => {
  try {
    parse(query);
  } catch (error) {
    if (error instanceof HubError && error.status === 400) return error.faults[0];
    throw error;
  }
  return undefined;
};

describe('query options', () => {
  it('reads nested options with their own options', () => {
    const [datastreams, locations] = parse(
      '$expand=Datastreams($select=name,properties/slug;$expand=Observations($top=1;$orderby=phenomenonTime%20desc)),Locations',
    ).expand;
    expect(datastreams?.options.select).toEqual([['name'], ['properties', 'slug']]);
    expect(datastreams?.options.expand[0]?.options).toMatchObject({ top: 1, orderBy: [{ descending: true }] });
    expect(locations?.navigation.set).toBe('Locations');
  });

  it('reads A/B as B inside A, and both of what is named twice', () => {
    const [only, ...more] = parse('$expand=Datastreams/Sensor,Datastreams($top=2;$expand=Thing)').expand;
    expect(more).toEqual([]);
    expect(only?.options.top).toBe(2);
    expect(only?.options.expand.map(({ navigation }) => navigation.name)).toEqual(['Sensor', 'Thing']);
  });

  it('does not take separators in texts for its own', () => {
    const [expand] = parse("$expand=Datastreams($filter=name eq 'a;b,c)''';$top=3)").expand;
    expect(expand?.options).toMatchObject({ top: 3, filter: { right: { value: "a;b,c)'" } } });
  });

  it('keeps the + of an offset', () => {
    const { filter } = parse('$filter=HistoricalLocations/time gt 2026-01-01T00:00:00+01:00');
    expect(filter).toMatchObject({ right: { value: { at: Date.UTC(2025, 11, 31, 23), offsetMinutes: 60 } } });
  });

  it.each([
    ['$top=-1', 'query.$top'],
    ['$top=1e9', 'query.$top'],
    ['$skip=x', 'query.$skip'],
    ['$count=yes', 'query.$count'],
    ['$top=1&$top=2', 'query.$top'],
    ['$nothing=1', 'query.$nothing'],
    ['$select=nothing', 'query.$select'],
    ['$select=Datastreams/name', 'query.$select'],
    ['$filter=nothing eq 1', 'query.$filter'],
    ['$filter=', 'query.$filter'],
    ['$orderby=nothing', 'query.$orderby'],
    ['$expand=Sensor', 'query.$expand'],
    ['$expand=Datastreams(', 'query.$expand'],
    ['$expand=Datastreams($top=x)', 'query.$expand.$top'],
    ['$filter=%', 'query'],
    [`$filter=name eq '${'x'.repeat(13_000)}'`, 'query'],
    [
      `$expand=${'Datastreams/Thing/'.repeat(1_00)}Datastreams`,
      'query.$expand.$expand.$expand.$expand.$expand.$expand.$expand',
    ],
  ])('names the parameter and the fix for %.40s', (query, path) => {
    expect(faultOf(query)).toMatchObject({ path, hint: expect.stringMatching(/\w/) });
  });

  it('answers within moments and with nothing but a fault, whatever it is given', () => {
    const start = performance.now();
    for (const character of ['(', "'", ',', ';', '/', ')', 'Datastreams(']) {
      expect(faultOf(`$expand=Datastreams${character.repeat(1_000)}`)).toBeDefined();
    }
    expect(performance.now() - start).toBeLessThan(1_000);
    const part = fc.constantFrom(
      'Datastreams',
      'Thing',
      '(',
      ')',
      '/',
      ';',
      '$top=1',
      '$filter=',
      "'",
      ',',
      '$expand=',
      'x',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        faultOf(`$expand=${encodeURIComponent(parts.join(''))}`);
      }),
    );
  });
});
