import { describe, expect, it } from 'vitest';
import type { ObservedProperty } from './api.ts';
import { numberText, propertyName, quantityText } from './format.ts';

const water: ObservedProperty = { id: 'water_level', name: { de: 'Wasserstand', en: 'Water level' }, symbol: 'm' };
const tilt: ObservedProperty = {
  id: 'tilt',
  name: { de: 'Gekippt', en: 'Tilted' },
  symbol: '',
  codes: { 0: { de: 'nein', en: 'no' }, 1: { de: 'ja', en: 'yes' } },
};

describe('numbers', () => {
  it('are written as the language does', () => {
    expect(numberText(1234.5, 1, 'de')).toBe('1.234,5');
    expect(numberText(1234.5, 1, 'en')).toBe('1,234.5');
    expect(numberText(-0.42, 2, 'de')).toBe('−0,42');
  });

  it('never are minus zero', () => {
    expect(numberText(-0.004, 2, 'de')).toBe('0,00');
    expect(numberText(-0, 0, 'en')).toBe('0');
  });
});

describe('quantities', () => {
  const level = { value: 0.4217, unit: 'm', property: 'water_level' };

  it('carry their unit behind a narrow space', () => {
    expect(quantityText(level, 'de', water)).toBe('0,42\u202Fm');
    expect(quantityText({ value: 245, unit: 'deg', property: 'wind_direction' }, 'de', { ...water, symbol: '°' })).toBe(
      '245°',
    );
  });

  it('are words where they are states, also unknown ones', () => {
    expect(quantityText({ value: 1, unit: '1', property: 'tilt' }, 'de', tilt)).toBe('ja');
    expect(quantityText({ value: 7, unit: '1', property: 'tilt' }, 'de', tilt)).toBe('7');
  });

  it('say of a parking bay whether it is free', () => {
    const occupied = { ...tilt, id: 'occupied', name: { de: 'Belegt', en: 'Occupied' } };
    const words = (['de', 'en'] as const).flatMap((language) =>
      [0, 1].map((value) => quantityText({ value, unit: '1', property: 'occupied' }, language, occupied)),
    );
    expect(words).toEqual(['frei', 'belegt', 'free', 'occupied']);
    expect(propertyName('occupied', 'de', occupied)).toBe('Zustand');
  });

  it('say that there is none', () => {
    expect(quantityText({ ...level, value: null }, 'de', water)).toBe('–');
  });

  it('have a readable name even where the hub names none', () => {
    expect(propertyName('water_level', 'de', water)).toBe('Wasserstand');
    expect(propertyName('soil_moisture', 'de')).toBe('soil moisture');
  });
});
