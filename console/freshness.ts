import type { Language } from './dictionary.ts';
import type { Row } from './rows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How often a value usually comes, where the hub does not say it and nothing better was seen. */
const expectedMs: Readonly<Record<string, number>> = {
  waste: 2 * HOUR,
  traffic: 15 * MINUTE,
  coast: HOUR,
  weather: 20 * MINUTE,
  energy: 15 * MINUTE,
  environment: 15 * MINUTE,
  parking: 2 * HOUR,
  device: DAY,
};

/** What the hub says; else the median of the gaps seen, once there are three; before, what is usual for the use case. */
export const usualIntervalMs = ({
  useCase,
  intervalMs,
  gapsMs,
}: Pick<Row, 'useCase' | 'intervalMs' | 'gapsMs'>): number => {
  const expected = intervalMs ?? expectedMs[useCase] ?? HOUR;
  if (intervalMs !== undefined || gapsMs.length < 3) return expected;
  return gapsMs.toSorted((a, b) => a - b)[Math.floor(gapsMs.length / 2)] ?? expected;
};

/** Older than three usual intervals, beside the delay with which it is published. */
export const isStale = (
  row: Pick<Row, 'useCase' | 'intervalMs' | 'gapsMs' | 'time' | 'delayMs'>,
  now: number,
): boolean => now - row.time > row.delayMs + 3 * usualIntervalMs(row);

const words = {
  de: { now: 'gerade eben', minutes: 'min', hours: 'h', days: 'Tagen' },
  en: { now: 'just now', minutes: 'min', hours: 'h', days: 'days' },
} as const;

/** No line breaks between a number and its unit. */
const NBSP = '\u00A0';

/** "vor 3 min", "3 min ago"; values of the next minute count as now, since clocks differ a little. */
export const ageText = (ageMs: number, language: Language): string => {
  const word = words[language];
  const size = Math.abs(ageMs);
  if (size < 45_000 || (ageMs < 0 && size < MINUTE)) return word.now;
  const amount = amountText(size, word);
  if (ageMs < 0) return `in ${amount}`;
  return language === 'de' ? `vor ${amount}` : `${amount} ago`;
};

const amountText = (sizeMs: number, word: (typeof words)[Language]): string => {
  const minutes = Math.max(1, Math.round(sizeMs / MINUTE));
  if (minutes < 60) return `${minutes}${NBSP}${word.minutes}`;
  const hours = Math.round(sizeMs / HOUR);
  if (hours < 48) return `${hours}${NBSP}${word.hours}`;
  return `${Math.round(sizeMs / DAY)}${NBSP}${word.days}`;
};
