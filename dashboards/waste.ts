import type { DashboardSpec } from './assemble.ts';
import { weakBatteries } from './device-panels.ts';
import {
  curve,
  days,
  events,
  heardOf,
  names,
  newestOf,
  overNewest,
  series,
  TIME_ZONE,
  table as tableQuery,
} from './influxql.ts';
import { statesOf } from './mappings.ts';
import { silentTile } from './panels/silent.ts';
import { stat } from './panels/stat.ts';
import { stateTimeline } from './panels/state-timeline.ts';
import { column, freshColumn, sinceColumn, table } from './panels/table.ts';
import { timeSeries } from './panels/time-series.ts';
import { words } from './text.ts';
import { fillSteps, noneSteps, plainSteps, STALE_HOURS } from './thresholds.ts';
import { unitOf } from './units.ts';
import { placeVariables } from './variables.ts';

/** Heat inside a container: in summer 60 °C are reached, a smouldering fire is hotter. */
const heatSteps = [
  [50, 'yellow'],
  [60, 'orange'],
  [70, 'red'],
] as const;

const tiles = [
  stat({
    id: 1,
    title: ['Behälter ab 90 %', 'Containers from 90 %'],
    about: [
      'Anzahl der Behälter, deren letzter gültiger Füllstand mindestens 90 % ist: heute anfahren.',
      'Containers whose newest valid fill level is at least 90 %: visit them today.',
    ],
    size: [4, 4],
    queries: [overNewest('count("value")', 'fill_level', { filter: '"value" >= 90' })],
    unit: 'none',
    steps: noneSteps,
    noValue: ['0', '0'],
  }),
  stat({
    id: 2,
    title: ['Behälter ab 80 %', 'Containers from 80 %'],
    about: [
      'Anzahl der Behälter, deren letzter gültiger Füllstand mindestens 80 % ist: in die nächste Tour.',
      'Containers whose newest valid fill level is at least 80 %: plan them into the next tour.',
    ],
    size: [4, 4],
    queries: [overNewest('count("value")', 'fill_level', { filter: '"value" >= 80' })],
    unit: 'none',
    steps: [[1, 'orange']],
    noValue: ['0', '0'],
  }),
  stat({
    id: 3,
    title: ['Mittlerer Füllstand', 'Mean fill level'],
    about: [
      'Mittel der letzten Füllstände aller gewählten Behälter.',
      'Mean of the newest fill levels of all chosen containers.',
    ],
    size: [4, 4],
    queries: [overNewest('mean("value")', 'fill_level')],
    unit: unitOf('fill_level'),
    decimals: 0,
    steps: fillSteps,
  }),
  stat({
    id: 4,
    title: ['Behälter mit Messwert', 'Containers with a value'],
    about: [
      'Wie viele der gewählten Behälter in den letzten 14 Tagen einen gültigen Füllstand gemeldet haben.',
      'How many of the chosen containers reported a valid fill level within the last 14 days.',
    ],
    size: [4, 4],
    queries: [overNewest('count("value")', 'fill_level')],
    unit: 'none',
    steps: plainSteps,
  }),
  silentTile({
    id: 5,
    title: ['Seit 24 Stunden still', 'Silent for 24 hours'],
    about: [
      'Behälter, von denen seit mehr als 24 Stunden nichts kam: Sensor, Batterie oder Funk prüfen.',
      'Containers not heard of for more than 24 hours: check sensor, battery or radio.',
    ],
    width: 4,
    property: 'fill_level',
    hours: STALE_HOURS,
  }),
  stat({
    id: 6,
    title: ['Leerungen heute', 'Emptyings today'],
    about: [
      'Erkannte Leerungen des laufenden Tages (Sprung des Füllstands nach unten).',
      'Emptyings found today (the fill level drops at once).',
    ],
    size: [4, 4],
    queries: [
      series(`SELECT count("label") ${events('emptying')} GROUP BY time(1d) fill(0) ${TIME_ZONE}`, words.emptyings),
    ],
    unit: 'none',
    steps: plainSteps,
    noValue: ['0', '0'],
  }),
];

const now = [
  table({
    id: 10,
    title: ['Behälter nach Füllstand', 'Containers by fill level'],
    about: [
      'Letzter gültiger Füllstand je Behälter mit seinem Alter; was älter als ein Tag ist, ist als veraltet markiert. Die Bezeichnung führt in die Konsole.',
      'Newest valid fill level of each container with its age; what is older than a day is marked as stale. The name leads to the console.',
    ],
    size: [13, 14],
    queries: [newestOf('fill_level', 'fill'), names(), heardOf('fill_level')],
    joinBy: 'thing',
    keep: 'fill',
    hidden: ['thing', 'municipality_name'],
    columns: [
      column('name', words.name, { console: true }),
      column('site_name', words.site),
      column('fill', ['Füllstand', 'Fill level'], {
        unit: unitOf('fill_level'),
        decimals: 0,
        steps: fillSteps,
        cell: 'bar',
        max: 100,
      }),
      freshColumn(),
      sinceColumn('measured', words.measuredAt),
    ],
    sortBy: [['Füllstand', 'Fill level'], true],
  }),
  timeSeries({
    id: 11,
    title: ['Füllkurven', 'Fill curves'],
    about: [
      'Verlauf der Füllstände der gewählten Behälter; einen Standort wählen, um einzelne Kurven zu lesen. Die Linien bei 80 und 90 % sind Plan- und Eilgrenze.',
      'Fill levels of the chosen containers over time; choose a site to read single curves. The lines at 80 and 90 % are the limits for planning and for haste.',
    ],
    size: [11, 14],
    queries: [curve('fill_level')],
    unit: unitOf('fill_level'),
    min: 0,
    max: 100,
    steps: fillSteps,
    limits: true,
    interval: '2h',
    bridgeMs: 21_600_000,
    legend: false,
  }),
];

const emptyings = [
  timeSeries({
    id: 21,
    title: ['Leerungen je Tag', 'Emptyings per day'],
    about: ['Erkannte Leerungen je Kalendertag.', 'Emptyings found per calendar day.'],
    size: [12, 9],
    queries: [
      series(`SELECT count("label") ${events('emptying')} GROUP BY time(1d) fill(0) ${TIME_ZONE}`, words.emptyings),
    ],
    unit: 'none',
    decimals: 0,
    min: 0,
    bars: true,
    interval: '1d',
  }),
  table({
    id: 22,
    title: ['Letzte Leerungen', 'Latest emptyings'],
    about: [
      'Die letzten 100 erkannten Leerungen der gewählten Behälter mit dem Füllstand davor: niedrige Werte sind verschenkte Fahrten.',
      'The latest 100 emptyings found at the chosen containers with the fill level before: low ones are wasted journeys.',
    ],
    size: [12, 9],
    queries: [tableQuery(`SELECT "thing", "value" AS "before" ${events('emptying')} ORDER BY time DESC LIMIT 100`)],
    columns: [
      column('Time', words.when, { unit: 'dateTimeAsLocal', width: 180 }),
      column('thing', words.thing, { console: true }),
      column('before', ['Füllstand davor', 'Fill level before'], {
        unit: unitOf('fill_level'),
        decimals: 0,
        steps: [
          [0, 'red'],
          [40, 'yellow'],
          [60, 'green'],
        ],
        cell: 'coloured',
      }),
    ],
  }),
];

const equipment = [
  weakBatteries(31, [12, 9]),
  timeSeries({
    id: 32,
    title: ['Temperatur im Behälter', 'Temperature inside containers'],
    about: [
      'Höchste Temperatur je Behälter; über 70 °C ist an einen Schwelbrand zu denken.',
      'Highest temperature of each container; above 70 °C think of a smouldering fire.',
    ],
    size: [12, 9],
    queries: [curve('container_temperature', 'max')],
    unit: unitOf('container_temperature'),
    steps: heatSteps,
    limits: true,
    interval: '3h',
    legend: false,
  }),
  stateTimeline({
    id: 33,
    title: ['Gekippte Behälter', 'Tilted containers'],
    about: [
      'Wann ein Behälter gekippt gemeldet wurde, meist während einer Leerung; gezeigt werden nur Behälter, die das messen.',
      'When a container was reported as tilted, mostly while it is emptied; only containers that measure it are shown.',
    ],
    size: [24, 10],
    queries: [curve('tilt', 'max')],
    unit: 'none',
    mappings: statesOf('tilt', { 0: 'green', 1: 'orange' }),
    interval: '3h',
  }),
];

const longTerm = [
  timeSeries({
    id: 41,
    title: ['Füllstand über das Jahr', 'Fill level over the year'],
    about: [
      'Tägliches Mittel und Höchstwert der Stundenwerte aller gewählten Behälter.',
      'Daily mean and maximum of the hourly figures of all chosen containers.',
    ],
    size: [12, 9],
    queries: [
      days('mean("mean")', 'fill_level', ['Mittel', 'mean']),
      days('max("max")', 'fill_level', ['höchster', 'highest']),
    ],
    unit: unitOf('fill_level'),
    decimals: 0,
    min: 0,
    max: 110,
    span: '365d',
    interval: '1d',
    bridgeMs: 172_800_000,
  }),
  timeSeries({
    id: 42,
    title: ['Leerungen je Woche', 'Emptyings per week'],
    about: ['Erkannte Leerungen je Woche.', 'Emptyings found per week.'],
    size: [12, 9],
    queries: [
      series(`SELECT count("label") ${events('emptying')} GROUP BY time(1w) fill(0) ${TIME_ZONE}`, words.emptyings),
    ],
    unit: 'none',
    decimals: 0,
    min: 0,
    bars: true,
    span: '365d',
    interval: '7d',
  }),
];

export const waste: DashboardSpec = {
  uid: 'plietsch-waste',
  title: ['Abfall', 'Waste'],
  about: [
    'Füllstände, Leerungen und Zustand der Wertstoffbehälter für die Tourenplanung.',
    'Fill levels, emptyings and condition of recycling containers, for planning tours.',
  ],
  source: 'influxdb',
  from: 'now-7d',
  refresh: '5m',
  variables: (build) => placeVariables(['container_slot'], build),
  marks: ['emptying', 'deployment'],
  sections: [
    { panels: tiles },
    { id: 9, title: ['Jetzt', 'Now'], panels: now },
    { id: 20, title: words.emptyings, panels: emptyings },
    { id: 30, title: ['Technik', 'Equipment'], panels: equipment },
    { id: 40, title: words.longTerm, panels: longTerm, folded: true },
  ],
};
