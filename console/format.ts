import type { ObservedProperty } from './api.ts';
import { dictionaries, type Language } from './dictionary.ts';

/** Digits after the point that the sensors behind a unit are good for. */
const digits: Readonly<Record<string, number>> = {
  '1': 0,
  '{count}': 0,
  '%': 0,
  mm: 0,
  cm: 0,
  m: 2,
  km: 1,
  Cel: 1,
  hPa: 1,
  'm/s': 1,
  'km/h': 0,
  deg: 0,
  'W/m2': 0,
  s: 0,
  W: 0,
  'kW.h': 1,
  K: 1,
  '[ppm]': 0,
  '[ppb]': 0,
  'ug/m3': 1,
  lx: 0,
  'dB(A)': 0,
};
/** Where a property is measured finer than its unit suggests. */
const propertyDigits: Readonly<Record<string, number>> = { precipitation: 1 };

const formats = new Map<string, Intl.NumberFormat>();

const locales = { de: 'de-DE', en: 'en-GB' } as const;

export const localeOf = (language: Language): string => locales[language];

export const numberText = (value: number, places: number, language: Language): string => {
  const key = `${language} ${places}`;
  const format =
    formats.get(key) ??
    new Intl.NumberFormat(locales[language], { minimumFractionDigits: places, maximumFractionDigits: places });
  formats.set(key, format);
  const text = format.format(value);
  // −0 is not a measurement, and a hyphen is not a minus sign.
  return /[1-9]/.test(text) ? text.replace('-', '−') : text.replace('-', '');
};

interface Quantity {
  readonly value: number | null;
  readonly unit: string;
  readonly property: string;
}

const placesOf = ({ unit, property }: Pick<Quantity, 'unit' | 'property'>): number =>
  propertyDigits[property] ?? digits[unit] ?? 2;

const stateWords = (property: string, language: Language): Readonly<Record<string, string>> | undefined => {
  const states: Readonly<Record<string, Readonly<Record<string, string>>>> = dictionaries[language].states;
  return states[property];
};

/** The number as it is read, without unit; a state by its word; undefined where there is no value. */
export const valueText = (
  { value, unit, property }: Quantity,
  language: Language,
  definition?: ObservedProperty,
): string | undefined => {
  if (value === null) return undefined;
  const word = stateWords(property, language)?.[value] ?? definition?.codes?.[value]?.[language];
  return word ?? numberText(value, placesOf({ unit, property }), language);
};

/** With its unit, a narrow no-break space before it; degrees of an angle follow at once. */
export const quantityText = (quantity: Quantity, language: Language, definition?: ObservedProperty): string => {
  const text = valueText(quantity, language, definition) ?? '–';
  const symbol = definition?.codes ? '' : (definition?.symbol ?? quantity.unit);
  if (symbol === '' || quantity.value === null) return text;
  return symbol === '°' ? `${text}°` : `${text}\u202F${symbol}`;
};

export const propertyName = (id: string, language: Language, definition?: ObservedProperty): string =>
  stateWords(id, language)?.name ?? definition?.name[language] ?? id.replaceAll('_', ' ');
