import { series } from './influxql.ts';
import type { Query } from './panels/panel.ts';
import type { Text } from './text.ts';

/** Bricks over the hub's own metrics, named as /metrics names them (metrics.ts at the root). */

const metric = (name: string, where?: string): string =>
  `FROM "hub"."plietsch_${name}" WHERE ${where === undefined ? '' : `${where} AND `}$timeFilter`;

interface MetricOptions {
  readonly alias: Text | string;
  /** Label by which it is split. */
  readonly by?: string;
  readonly where?: string;
}

const grouped = (width: string, by: string | undefined): string =>
  `GROUP BY time(${width})${by === undefined ? '' : `, "${by}"`} fill(none)`;

/** How fast a counter goes on, per second. A restart of the hub, which begins at zero, counts nothing. */
export const rate = (name: string, { alias, by, where }: MetricOptions): Query =>
  series(
    `SELECT sum("rate") FROM (SELECT non_negative_derivative(last("value"), 1s) AS "rate" ${metric(name, where)} GROUP BY time($__interval), * fill(none)) WHERE $timeFilter ${grouped('$__interval', by)}`,
    alias,
  );

/** By how much a counter grew in each interval. */
export const growth = (name: string, width: string, { alias, by, where }: MetricOptions): Query =>
  series(
    `SELECT sum("more") FROM (SELECT non_negative_difference(last("value")) AS "more" ${metric(name, where)} GROUP BY time(${width}), * fill(none)) WHERE $timeFilter ${grouped(width, by)}`,
    alias,
  );

/** A gauge over time. */
export const gauge = (name: string, { alias, by, where }: MetricOptions, figure = 'last'): Query =>
  series(`SELECT ${figure}("value") ${metric(name, where)} ${grouped('$__interval', by)}`, alias);
