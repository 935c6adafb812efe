import { describe, expect, it } from 'vitest';
import { filtered, folded } from './filter.ts';
import { thingsOf } from './things.ts';

const thing = (id: string, name: string, municipality: string) => ({
  id: `${id}.fill_level`,
  property: 'fill_level',
  unit: '%',
  value: 1,
  quality: 'pass' as const,
  failedTests: [],
  time: 0,
  useCase: 'waste',
  thing: { id, name, simulated: false },
  municipality: { id: municipality.toLowerCase(), name: municipality },
  delayMs: 0,
  gapsMs: [],
});
const things = thingsOf([thing('1', 'Weißglas Möltenort', 'Heikendorf'), thing('2', 'Papier Hafen', 'Laboe')]);
const properties = new Map([
  ['fill_level', { id: 'fill_level', name: { de: 'Füllstand', en: 'Fill level' }, symbol: '%' }],
]);
const found = (query: string, municipality = '') =>
  filtered(things, { query, municipality, language: 'de', properties })
    .map(({ id }) => id)
    .join();

describe('the search', () => {
  it.each(['mönkeberg', 'Moenkeberg', 'MONKEBERG'])('reads %s as Mönkeberg', (text) => {
    expect(folded(text)).toBe(folded('Mönkeberg'));
  });

  it('wants every word, in names, places and quantities', () => {
    expect(found('')).toBe('1,2');
    expect(found('weissglas')).toBe('1');
    expect(found('fullstand laboe')).toBe('2');
    expect(found('papier heikendorf')).toBe('');
  });

  it('can be held to a municipality', () => {
    expect(found('', 'laboe')).toBe('2');
    expect(found('weißglas', 'laboe')).toBe('');
  });
});
