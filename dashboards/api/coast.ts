import type { DashboardSpec } from '../assemble.ts';
import { happened } from '../infinity.ts';
import { surgeClasses } from '../mappings.ts';
import { column, table } from '../panels/table.ts';
import { words } from '../text.ts';
import { noneSteps, plainSteps, surgeSteps } from '../thresholds.ts';
import { unitOf } from '../units.ts';
import { datastreamVariable } from '../variables.ts';
import { course, newestTable, tile } from './panels.ts';

const property = 'water_level';

const tiles = [
  tile({
    id: 1,
    title: ['Höchster Wasserstand', 'Highest water level'],
    about: [
      'Höchster letzter Wasserstand über NHN; Sturmflut ab 1,00 m, mittlere ab 1,25 m, schwere ab 1,50 m, sehr schwere ab 2,00 m (BSH, Ostsee).',
      'Highest newest level above datum; storm surge from 1.00 m, medium from 1.25 m, severe from 1.50 m, very severe from 2.00 m (BSH, Baltic Sea).',
    ],
    property,
    reduce: 'max',
    steps: surgeSteps,
    decimals: 2,
    width: 8,
  }),
  tile({
    id: 2,
    title: ['Pegel im Sturmflutbereich', 'Gauges in storm surge'],
    about: ['Pegel, deren letzter Wasserstand mindestens 1,00 m ist.', 'Gauges whose newest level is at least 1.00 m.'],
    property,
    reduce: 'count',
    from: 1,
    steps: noneSteps,
    width: 8,
  }),
  tile({
    id: 3,
    title: ['Stärkste Böe', 'Strongest gust'],
    about: ['Stärkste letzte Böe der Wetterstationen.', 'Strongest newest gust of the weather stations.'],
    property: 'wind_gust',
    reduce: 'max',
    steps: plainSteps,
    decimals: 1,
    width: 8,
  }),
];

const now = [
  course({
    id: 11,
    title: ['Wasserstand', 'Water level'],
    about: [
      'Verlauf des oben gewählten Pegels mit den Schwellen der Sturmflutklassen.',
      'Course of the gauge chosen above with the limits of the storm surge classes.',
    ],
    size: [24, 10],
    property,
    every: '10m',
    steps: surgeSteps,
    decimals: 2,
  }),
  newestTable({
    id: 12,
    title: ['Pegel', 'Gauges'],
    about: ['Letzter Wasserstand je Pegel mit Alter.', 'Newest level of each gauge with its age.'],
    size: [12, 9],
    property,
    head: ['Wasserstand', 'Water level'],
    steps: surgeSteps,
    decimals: 2,
  }),
  table({
    id: 13,
    title: words.surges,
    about: [
      'Sturmfluten der letzten vier Wochen mit Höchststand und Klasse.',
      'Storm surges of the last four weeks with peak and class.',
    ],
    size: [12, 9],
    queries: [happened('surge')],
    span: '28d',
    columns: [
      column('time', words.begin, { unit: 'dateTimeAsLocal' }),
      column('until', words.end, { unit: 'dateTimeAsLocal' }),
      column('thing', ['Pegel', 'Gauge'], { console: true }),
      column('value', ['Klasse', 'Class'], { unit: unitOf(property), mappings: surgeClasses, cell: 'coloured' }),
    ],
    sortBy: [words.begin, true],
  }),
];

export const apiCoast: DashboardSpec = {
  uid: 'plietsch-api-coast',
  title: ['Küste und Flüsse (ohne InfluxDB)', 'Coast and rivers (without InfluxDB)'],
  about: [
    'Wasserstände und Sturmfluten über die Schnittstelle des Hubs, für einen Versuch ohne InfluxDB.',
    "Water levels and storm surges through the hub's API, for a pilot without InfluxDB.",
  ],
  source: 'api',
  from: 'now-24h',
  refresh: '1m',
  variables: (build) => [datastreamVariable(property, build)],
  sections: [{ panels: tiles }, { id: 10, title: ['Jetzt', 'Now'], panels: now }],
};
