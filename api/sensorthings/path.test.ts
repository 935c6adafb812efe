import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { parsePath } from './path.ts';

describe('resource paths', () => {
  it('reads sets, entities by number, links and properties', () => {
    const { steps, property, value } = parsePath('Things(1)/Datastreams(2)/Sensor/properties/slug/$value');
    expect(steps.map(({ set, many, number }) => [set, many, number])).toEqual([
      ['Things', false, 1],
      ['Datastreams', false, 2],
      ['Sensors', false, undefined],
    ]);
    expect({ property, value }).toEqual({ property: ['properties', 'slug'], value: true });
  });

  it('reads the root, sets and references', () => {
    expect(parsePath('').steps).toEqual([]);
    expect(parsePath('Observations/').steps).toEqual([{ name: 'Observations', set: 'Observations', many: true }]);
    expect(parsePath('Datastreams(1)/Thing/$ref')).toMatchObject({ ref: true, property: [] });
  });

  it.each([
    'Nothing',
    'Things(x)',
    "Things('1')",
    'Things(1)/Nothing',
    'Things(1)/Sensor',
    'Things/name',
    'Things/$value',
    'Datastreams(1)/Thing(2)',
    '$ref',
    'Things(1)/name/$ref',
    '%E0%A4',
    'Things(1)(2)',
    'Things(-1)',
  ])('answers that there is nothing at %s', (path) => {
    // biome-ignore format: rows
    expect(() => parsePath(path)).toThrow(expect.objectContaining({ code: 'HUB_NOT_FOUND' }));
  });

  it('never fails otherwise, whatever it is given', () => {
    const part = fc.constantFrom(
      'Things',
      'Datastreams',
      'name',
      '(',
      ')',
      '1',
      '/',
      '$ref',
      '$value',
      '%',
      '%2F',
      "'",
      'ü',
      '\0',
    );
    const wrong: unknown[] = [];
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        try {
          parsePath(parts.join(''));
        } catch (error) {
          if (!(error instanceof HubError)) wrong.push(error);
        }
      }),
      { numRuns: 300 },
    );
    expect(wrong).toEqual([]);
  });
});
