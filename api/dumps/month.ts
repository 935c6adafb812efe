import { type EpochMs, formatTime, nextCalendarUnit, startOfCalendarUnit } from '../../model/time.ts';

/** A local calendar month, [from, to). */
export interface Month {
  /** e.g. 2026-03 */
  readonly id: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export const MONTH_ID = /^\d{4}-(0[1-9]|1[0-2])$/;

export const monthOf = (time: EpochMs, timeZone: string): Month => {
  const from = startOfCalendarUnit(time, 'month', timeZone);
  const to = nextCalendarUnit(from, 'month', timeZone);
  // The middle of a month lies in it in every time zone.
  return { id: formatTime((from + to) / 2).slice(0, 7), from, to };
};

/** The months of a span, newest first. */
export const monthsBetween = (from: EpochMs, to: EpochMs, timeZone: string): Month[] => {
  const months: Month[] = [];
  for (let month = monthOf(to - 1, timeZone); month.to > from; month = monthOf(month.from - 1, timeZone))
    months.push(month);
  return months;
};
