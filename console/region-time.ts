import type { Language } from './dictionary.ts';
import { localeOf } from './format.ts';

const USUAL_ZONE = 'Europe/Berlin';
const HOUR = 3_600_000;
/** Whole hours of every zone in use today lie on a quarter of an hour of UTC. */
const QUARTER = HOUR / 4;

/** The zone that the hub names, as far as it names one that this browser knows. */
export const zoneOf = (name: string | undefined): string => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name ?? USUAL_ZONE }).resolvedOptions().timeZone;
  } catch {
    return USUAL_ZONE;
  }
};

/** Times in epoch ms as the region's clocks show them, wherever the reader is. */
export interface RegionTime {
  readonly timeZone: string;
  /** 14:05 */
  readonly clock: (time: number) => string;
  /** Day and month with the weekday. */
  readonly day: (time: number) => string;
  /** Date and time, with the zone's name. */
  readonly full: (time: number) => string;
}

export const regionTime = (language: Language, timeZone: string): RegionTime => {
  const formatted = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(localeOf(language), { ...options, timeZone });
    return (time: number) => format.format(time);
  };
  return {
    timeZone,
    clock: formatted({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    day: formatted({ weekday: 'short', day: 'numeric', month: 'numeric' }),
    full: formatted({ dateStyle: 'full', timeStyle: 'long' }),
  };
};

interface Span {
  /** Epoch ms, both inclusive. */
  readonly from: number;
  readonly to: number;
}

/**
 * Every `every`-th hour of the region's day within a span, in epoch ms: also on the days of 23 and 25 hours. The hour that
 * autumn repeats is marked twice only where each hour is.
 */
export const hoursWithin = ({ from, to }: Span, every: number, { clock }: RegionTime): number[] => {
  const times: number[] = [];
  let last = '';
  for (let time = Math.ceil(from / QUARTER) * QUARTER; time <= to; time += QUARTER) {
    const text = clock(time);
    const isMarked = text.endsWith(':00') && Number.parseInt(text, 10) % every === 0;
    if (!isMarked || (every > 1 && text === last)) continue;
    times.push(time);
    last = text;
  }
  return times;
};
