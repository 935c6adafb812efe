import type { Query } from './panels/panel.ts';
import { said, type Text } from './text.ts';
import { STALE_HOURS } from './thresholds.ts';
import { propertyOf } from './units.ts';

/** Bricks of InfluxQL over the schema of docs/decisions/0008. */

/** Local days begin and end here. */
export const TIME_ZONE = "tz('Europe/Berlin')";
/** The chosen things; All expands to what site and municipality allow. */
export const OF_THINGS = `"thing" =~ /^\${thing:regex}$/`;
/** What is known "now" is looked for in the last days, whatever span the dashboard shows. */
export const LATELY = 'time > now() - 14d';
/** Names are written every full hour. */
export const NAMED_LATELY = 'time > now() - 1d';

export interface Options {
  /** Which things; default: the chosen ones. */
  readonly things?: string;
  /** A further condition, e.g. on the datastream. */
  readonly where?: string;
  readonly bound?: string;
}

const conditions = ({ things = OF_THINGS, where, bound = '$timeFilter' }: Options): string =>
  [things, where, bound].filter((part) => part !== undefined && part !== '').join(' AND ');

/** FROM and WHERE over observations of a property; the field `value` holds only what passed its tests. */
export const observations = (property: string, options: Options = {}): string =>
  `FROM "${propertyOf(property).id}" WHERE ${conditions(options)}`;

/** FROM and WHERE over the hourly figures of a property. */
export const hourly = (property: string, options: Options = {}): string =>
  `FROM "derived"."${propertyOf(property).id}" WHERE ${conditions(options)}`;

/** FROM and WHERE over events of a kind. */
export const events = (kind: string, options: Options = {}): string =>
  `FROM "derived"."event" WHERE ${conditions({ ...options, where: `"kind" = '${kind}'` })}`;

/** A curve per thing. */
export const curve = (property: string, figure = 'mean', options: Options = {}): Query =>
  series(`SELECT ${figure}("value") ${observations(property, options)} GROUP BY time($__interval), "thing" fill(none)`);

/** Days of a property by its hourly figures, one line over all things. */
export const days = (figure: string, property: string, alias: Text, options: Options = {}): Query =>
  series(`SELECT ${figure} ${hourly(property, options)} GROUP BY time(1d) fill(none) ${TIME_ZONE}`, alias);

/** The newest value of each thing. */
export const newest = (property: string, options: Options = {}): string =>
  `SELECT last("value") AS "value" ${observations(property, { bound: LATELY, ...options })} GROUP BY "thing"`;

/** One figure over the newest values of all things, e.g. how many are at least 80. */
export const overNewest = (
  figure: string,
  property: string,
  { filter, ...options }: Options & { filter?: string } = {},
): Query =>
  series(`SELECT ${figure} FROM (${newest(property, options)})${filter === undefined ? '' : ` WHERE ${filter}`}`);

/** The newest value of each thing and when it was measured; one tag only: Grafana mixes up several in a table. */
export const newestOf = (property: string, column: string, options: Options = {}): Query =>
  table(
    `SELECT last("value") AS "${column}" ${observations(property, { bound: LATELY, ...options })} GROUP BY "thing"`,
  );

/** Whether each thing was heard of within some hours: those that were not have no row. */
export const heardOf = (property: string, hours = STALE_HOURS, options: Options = {}): Query =>
  table(
    `SELECT count("origin") AS "heard" ${observations(property, { ...options, bound: `time > now() - ${hours}h` })} GROUP BY "thing"`,
  );

/** What people call the chosen things, to be joined by thing. */
export const names = (things = OF_THINGS): Query =>
  table(
    `SELECT last("name") AS "name", "site_name", "municipality_name" FROM "derived"."thing" WHERE ${things} AND ${NAMED_LATELY} GROUP BY "thing"`,
  );

/** A query whose answer is drawn over time; alias is the legend, by default the thing. */
export const series = (text: string, alias?: Text | string): Query => ({
  target: (language) => ({
    query: text,
    rawQuery: true,
    resultFormat: 'time_series',
    alias: alias === undefined ? aliasOf(text) : typeof alias === 'string' ? alias : said(alias, language),
  }),
});

/** Only a series with the tag can be named by it. */
const aliasOf = (text: string): string => (/"thing"( fill\(\w+\))?( tz\('[^']+'\))?$/.test(text) ? '$tag_thing' : '');

export const table = (text: string): Query => ({
  target: () => ({ query: text, rawQuery: true, resultFormat: 'table' }),
});
