import * as grafana from '@grafana/grafana-foundation-sdk/units';
import { expect, it } from 'vitest';
import { observedProperties } from '../model/observed-properties.ts';
import { grafanaUnits, propertyOf, unitOf } from './units.ts';

const known = new Set<unknown>(Object.values(grafana));

it('knows a unit of Grafana for every observed property', () => {
  const units = [...observedProperties.keys()].map((id) => [id, unitOf(id)] as const);
  expect(units.filter(([, unit]) => !known.has(unit) && !unit.startsWith('suffix: '))).toEqual([]);
});

it('has no unit that Grafana lacks', () => {
  const wrong = Object.entries(grafanaUnits).filter(([, unit]) => !known.has(unit) && !/^suffix: \S/.test(unit));
  expect(wrong).toEqual([]);
});

it('refuses a misspelt property', () => {
  expect(() => propertyOf('fil_level')).toThrow('fil_level');
});
