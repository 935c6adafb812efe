import { hourly, series, TIME_ZONE } from './influxql.ts';
import type { Text } from './text.ts';

/** Bricks of queries over meters: what registers went on by. */

/** Registers that count on: of all tariffs, not stored ones, peaks, or the same in another unit. */
export const REGISTERS = '"datastream" !~ /(stored|max|joule|tariff)/';
/** Power of all phases together. */
export const ALL_PHASES = '"datastream" !~ /[.](l[123]|average)$/';

/** What a counter went on by per day, of each meter or of all; an exchanged meter that starts at zero counts nothing. */
const advance = (property: string): string =>
  `SELECT non_negative_difference(last("last")) AS "used" ${hourly(property, { where: REGISTERS })}`;
export const perDay = (property: string, alias: Text) =>
  series(
    `SELECT sum("used") FROM (${advance(property)} GROUP BY time(1d), "datastream" fill(none) ${TIME_ZONE}) WHERE $timeFilter GROUP BY time(1d) fill(none) ${TIME_ZONE}`,
    alias,
  );
export const perDayAndMeter = (property: string) =>
  series(`${advance(property)} GROUP BY time(1d), "thing" fill(none) ${TIME_ZONE}`);

/** What all counters went on by in a week. */
export const perWeek = (property: string, alias: Text) =>
  series(
    `SELECT sum("used") FROM (${advance(property)} GROUP BY time(1d), "datastream" fill(none) ${TIME_ZONE}) WHERE $timeFilter GROUP BY time(7d) fill(none) ${TIME_ZONE}`,
    alias,
  );
