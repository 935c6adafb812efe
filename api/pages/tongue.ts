import { observedProperties } from '../../model/observed-properties.ts';
import { DAY, type EpochMs, HOUR, MINUTE } from '../../model/time.ts';
import { type UnitCode, units } from '../../model/units.ts';
import { german } from './words-de.ts';
import { english, type Words } from './words-en.ts';

export const languages = ['de', 'en'] as const;
export type Language = (typeof languages)[number];

/** Words, numbers and times as people of a language read them. */
export interface Tongue {
  readonly language: Language;
  readonly words: Words;
  readonly count: (value: number) => string;
  /** 0 to 1 as per cent; never 100 % where something is missing, never 0 % where something is there. */
  readonly share: (value: number) => string;
  /** With so many digits behind the point, else with its own. */
  readonly decimal: (value: number, places?: number) => string;
  /** With its unit, or the word for a state. */
  readonly quantity: (value: number, of: { readonly unit: string; readonly property: string }) => string;
  readonly property: (id: string) => string;
  readonly time: (time: EpochMs) => string;
  readonly date: (time: EpochMs) => string;
  /** Weekday and day, short, for axes. */
  readonly dayLabel: (time: EpochMs) => string;
  readonly duration: (minutes: number) => string;
  /** The size of a file. */
  readonly bytes: (value: number) => string;
}

const NARROW_SPACE = '\u202f';
const locales = { de: 'de-DE', en: 'en-GB' } as const;

/** Digits behind the point that a unit's sensors are good for; 2 for all others. */
const digits: Readonly<Record<string, number>> = {
  '1': 0, '{count}': 0, '%': 0, mm: 1, cm: 0, km: 1, Cel: 1, hPa: 1, 'm/s': 1, 'km/h': 0, deg: 0, 'W/m2': 0, s: 0, W: 0,
  'kW.h': 1, K: 1, '[ppm]': 0, '[ppb]': 0, 'ug/m3': 1, lx: 0, 'dB(A)': 0,
}; // biome-ignore format: pairs read better in rows

export const symbolOf = (unit: string): string => units[unit as UnitCode]?.symbol ?? unit;

export const createTongue = (language: Language, timeZone: string): Tongue => {
  const locale = locales[language];
  const words = language === 'de' ? german : english;
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const byDigits = new Map<number, Intl.NumberFormat>();
  const decimal = (value: number, places = String(value).split('.')[1]?.length ?? 0): string => {
    const formatter =
      byDigits.get(places) ??
      new Intl.NumberFormat(locale, { minimumFractionDigits: places, maximumFractionDigits: places });
    byDigits.set(places, formatter);
    const text = formatter.format(value);
    return /[1-9]/.test(text) ? text.replace('-', '−') : text.replace('-', '');
  };
  const times = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  const dates = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'long' });
  const days = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short', day: 'numeric', month: 'numeric' });
  const number = (value: number, unit: string): string => decimal(value, digits[unit] ?? 2);
  return {
    language,
    words,
    decimal,
    count: (value) => whole.format(value),
    share: (value) => {
      const rounded = Math.round(value * 1_000) / 10;
      const honest = Math.min(value < 1 ? 99.9 : 100, Math.max(value > 0 ? 0.1 : 0, rounded));
      return `${percent.format(honest)}${NARROW_SPACE}%`;
    },
    quantity: (value, { unit, property }) => {
      const word = observedProperties.get(property)?.codes?.[value]?.[language];
      if (word !== undefined) return word;
      const symbol = symbolOf(unit);
      if (symbol === '') return number(value, unit);
      return `${number(value, unit)}${symbol === '°' ? '' : NARROW_SPACE}${symbol}`;
    },
    property: (id) => observedProperties.get(id)?.name[language] ?? id.replaceAll('_', ' '),
    time: (time) => times.format(time),
    date: (time) => dates.format(time),
    dayLabel: (time) => days.format(time),
    bytes: (value) => {
      const [unit, size] = value < 1_000_000 ? (['kB', value / 1_000] as const) : (['MB', value / 1_000_000] as const);
      return `${percent.format(size)}${NARROW_SPACE}${unit}`;
    },
    duration: (minutes) => {
      const ms = minutes * MINUTE;
      if (ms % DAY === 0) return words.days(ms / DAY);
      return ms % HOUR === 0 ? words.hours(ms / HOUR) : words.minutes(minutes);
    },
  };
};
