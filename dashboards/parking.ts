import type { DashboardSpec } from './assemble.ts';
import { hourly, names, newestOf, observations, overNewest, series, TIME_ZONE } from './influxql.ts';
import { statesOf } from './mappings.ts';
import { silentTile } from './panels/silent.ts';
import { stat } from './panels/stat.ts';
import { stateTimeline } from './panels/state-timeline.ts';
import { column, sinceColumn, table } from './panels/table.ts';
import { timeSeries } from './panels/time-series.ts';
import { type Text, words } from './text.ts';
import { plainSteps, STALE_HOURS } from './thresholds.ts';
import { placeVariables } from './variables.ts';

const cars: Text = ['Ankünfte', 'arrivals'];

/** A bay that was free and is taken counts as an arrival. */
const arrivals = (width: string): string =>
  `SELECT count("change") FROM (SELECT difference("value") AS "change" ${observations('occupied')} GROUP BY "thing") WHERE "change" = 1 AND $timeFilter GROUP BY time(${width}) fill(0) ${TIME_ZONE}`;

const tiles = [
  stat({
    id: 1,
    title: ['Freie Plätze', 'Free bays'],
    about: [
      'Gewählte Stellplätze, deren letzte Meldung „frei“ ist.',
      'Chosen bays whose newest report says that they are free.',
    ],
    size: [6, 4],
    queries: [overNewest('count("value")', 'occupied', { filter: '"value" = 0' })],
    unit: 'none',
    steps: [
      [Number.NEGATIVE_INFINITY, 'red'],
      [1, 'orange'],
      [5, 'green'],
    ],
    noValue: ['0', '0'],
  }),
  stat({
    id: 2,
    title: ['Belegung', 'Occupancy'],
    about: ['Anteil der belegten an allen Stellplätzen mit Messwert.', 'Share of occupied bays of all with a value.'],
    size: [6, 4],
    queries: [overNewest('mean("value")', 'occupied')],
    unit: 'percentunit',
    decimals: 0,
    steps: [
      [0.8, 'orange'],
      [0.95, 'red'],
    ],
  }),
  stat({
    id: 3,
    title: ['Ankünfte heute', 'Arrivals today'],
    about: ['Wechsel von frei nach belegt seit Mitternacht.', 'Changes from free to occupied since midnight.'],
    size: [6, 4],
    queries: [series(arrivals('1d'), cars)],
    unit: 'none',
    steps: plainSteps,
    noValue: ['0', '0'],
  }),
  silentTile({
    id: 4,
    title: ['Stille Stellplätze', 'Silent bays'],
    about: [
      'Stellplätze, von denen seit mehr als einem Tag nichts kam; sie melden sich sonst alle sechs Stunden.',
      'Bays not heard of for more than a day; otherwise they report every six hours.',
    ],
    width: 6,
    property: 'occupied',
    hours: STALE_HOURS,
  }),
];

const places = [
  table({
    id: 11,
    title: ['Freie Plätze je Parkplatz', 'Free bays per car park'],
    about: ['Wie viele Stellplätze jedes Parkplatzes frei sind.', 'How many bays of each car park are free.'],
    size: [10, 10],
    queries: [newestOf('occupied', 'occupied'), names()],
    joinBy: 'thing',
    keep: 'occupied',
    transformations: [
      {
        id: 'groupBy',
        options: {
          fields: {
            site_name: { operation: 'groupby', aggregations: [] },
            occupied: { operation: 'aggregate', aggregations: ['sum', 'count'] },
            measured: { operation: 'aggregate', aggregations: ['min'] },
          },
        },
      },
      {
        id: 'calculateField',
        options: {
          mode: 'binary',
          alias: 'free',
          binary: { left: 'occupied (count)', operator: '-', right: 'occupied (sum)' },
        },
      },
    ],
    columns: [
      column('site_name', ['Parkplatz', 'Car park'], { console: true }),
      column('free', ['frei', 'free'], {
        decimals: 0,
        cell: 'coloured',
        steps: [
          [Number.NEGATIVE_INFINITY, 'red'],
          [1, 'orange'],
          [3, 'green'],
        ],
      }),
      column('occupied (sum)', ['belegt', 'occupied'], { decimals: 0 }),
      column('occupied (count)', ['Plätze', 'bays'], { decimals: 0 }),
      sinceColumn('measured (min)', ['älteste Meldung', 'oldest report']),
    ],
    sortBy: [['frei', 'free'], false],
  }),
  timeSeries({
    id: 12,
    title: ['Belegung', 'Occupancy'],
    about: [
      'Anteil der belegten Stellplätze; zwischen zwei Meldungen gilt die vorige.',
      'Share of occupied bays; between two reports the former holds.',
    ],
    size: [14, 10],
    queries: [series(`SELECT last("value") ${observations('occupied')} GROUP BY time(1h), "thing" fill(previous)`)],
    unit: 'percentunit',
    decimals: 0,
    min: 0,
    max: 1,
    interval: '1h',
    legend: false,
    transformations: [
      { id: 'joinByField', options: { byField: 'Time', mode: 'outer' } },
      {
        id: 'calculateField',
        options: { mode: 'reduceRow', alias: 'share', reduce: { reducer: 'mean' }, replaceFields: true },
      },
    ],
    columns: [column('share', ['belegt', 'occupied'])],
  }),
];

const turnover = [
  timeSeries({
    id: 21,
    title: ['Ankünfte je Tag', 'Arrivals per day'],
    about: [
      'Umschlag: Wechsel von frei nach belegt je Kalendertag.',
      'Turnover: changes from free to occupied per calendar day.',
    ],
    size: [12, 9],
    queries: [series(arrivals('1d'), cars)],
    unit: 'none',
    decimals: 0,
    min: 0,
    bars: true,
    interval: '1d',
  }),
  timeSeries({
    id: 22,
    title: ['Ankünfte je Stunde', 'Arrivals per hour'],
    about: ['Wann die Leute kommen.', 'When people come.'],
    size: [12, 9],
    queries: [series(arrivals('1h'), cars)],
    unit: 'none',
    decimals: 0,
    min: 0,
    bars: true,
    interval: '1h',
  }),
  stateTimeline({
    id: 23,
    title: ['Stellplätze', 'Bays'],
    about: [
      'Zustand jedes Stellplatzes; einen Standort wählen, um alle Zeilen zu sehen.',
      'State of each bay; choose a site to see all rows.',
    ],
    size: [24, 14],
    queries: [series(`SELECT last("value") ${observations('occupied')} GROUP BY time(15m), "thing" fill(none)`)],
    unit: 'none',
    mappings: statesOf('occupied', { 0: 'green', 1: 'blue' }),
    interval: '15m',
  }),
];

const longTerm = [
  timeSeries({
    id: 31,
    title: ['Meldungen je Tag', 'Reports per day'],
    about: [
      'Meldungen aller gewählten Stellplätze je Tag: ein Maß für den Umschlag über das Jahr.',
      'Reports of all chosen bays per day: a measure of turnover over the year.',
    ],
    size: [24, 9],
    queries: [
      series(`SELECT sum("n") ${hourly('occupied')} GROUP BY time(1d) fill(none) ${TIME_ZONE}`, [
        'Meldungen',
        'reports',
      ]),
    ],
    unit: 'none',
    min: 0,
    bars: true,
    span: '365d',
    interval: '1d',
  }),
];

export const parking: DashboardSpec = {
  uid: 'plietsch-parking',
  title: ['Parken', 'Parking'],
  about: ['Freie Stellplätze, Belegung und Umschlag.', 'Free bays, occupancy and turnover.'],
  source: 'influxdb',
  from: 'now-7d',
  refresh: '1m',
  variables: (build) => placeVariables(['parking_bay'], build),
  marks: ['deployment'],
  sections: [
    { panels: tiles },
    { id: 10, title: ['Jetzt', 'Now'], panels: places },
    { id: 20, title: ['Umschlag', 'Turnover'], panels: turnover },
    { id: 30, title: words.longTerm, panels: longTerm, folded: true },
  ],
};
