import { z } from 'zod';
import { type CalendarUnit, type EpochMs, nextCalendarUnit, parseDuration, SECOND } from '../../model/time.ts';
import { bucketStart } from '../../store/buckets.ts';
import type { Every } from '../../store/observations.ts';

const calendar: Readonly<Record<string, CalendarUnit>> = { '1d': 'day', '1w': 'week', '1mo': 'month', '1y': 'year' };

/** Width of a bucket: some seconds, minutes or hours; or one local day, week, month or year. */
export const everyQuery = (timeZone: string) =>
  z
    .string()
    .max(10)
    .meta({ pattern: '^(?:[1-9][0-9]{0,4}[smh]|1d|1w|1mo|1y)$' })
    .transform((text, context): Every => {
      const unit = calendar[text];
      if (unit) return { calendar: unit, timeZone };
      const ms = /^\d{1,6}[smh]$/.test(text) ? parseDuration(text) : 0;
      if (ms >= SECOND) return { ms };
      context.addIssue({ code: 'custom', message: 'write 10s, 15m, 1h, 1d, 1w, 1mo or 1y' });
      return z.NEVER;
    })
    .meta({ description: `Width of the buckets: 15m, 1h …; 1d, 1w, 1mo, 1y are calendar units in ${timeZone}` });

/** End of the `count`-th bucket from the one that holds `from`, at most `to`. */
export const endOfBuckets = (
  every: Every,
  { from, to, count }: { from: EpochMs; to: EpochMs; count: number },
): EpochMs => {
  let end = bucketStart(from, every);
  if ('ms' in every) return Math.min(to, end + every.ms * count);
  for (let i = 0; i < count && end < to; i++) end = nextCalendarUnit(end, every.calendar, every.timeZone);
  return Math.min(to, end);
};
