import type { DashboardSpec } from '../assemble.ts';
import { happened, latest } from '../infinity.ts';
import { stat } from '../panels/stat.ts';
import { column, table } from '../panels/table.ts';
import { words } from '../text.ts';
import { fillSteps, noneSteps, plainSteps, STALE_HOURS } from '../thresholds.ts';
import { unitOf } from '../units.ts';
import { datastreamVariable } from '../variables.ts';
import { course, newestTable, tile } from './panels.ts';

const fill = 'fill_level';

const tiles = [
  tile({
    id: 1,
    title: ['Behälter ab 90 %', 'Containers from 90 %'],
    about: ['Behälter, die heute anzufahren sind.', 'Containers to be visited today.'],
    property: fill,
    reduce: 'count',
    from: 90,
    steps: noneSteps,
    width: 6,
  }),
  tile({
    id: 2,
    title: ['Behälter ab 80 %', 'Containers from 80 %'],
    about: ['Behälter für die nächste Tour.', 'Containers for the next tour.'],
    property: fill,
    reduce: 'count',
    from: 80,
    steps: [[1, 'orange']],
    width: 6,
  }),
  tile({
    id: 3,
    title: ['Mittlerer Füllstand', 'Mean fill level'],
    about: ['Mittel der letzten Füllstände.', 'Mean of the newest fill levels.'],
    property: fill,
    reduce: 'mean',
    steps: fillSteps,
    width: 6,
  }),
  stat({
    id: 4,
    title: ['Seit 24 Stunden still', 'Silent for 24 hours'],
    about: [
      'Behälter, von denen seit mehr als 24 Stunden nichts kam.',
      'Containers not heard of for more than 24 hours.',
    ],
    size: [6, 5],
    queries: [latest(`property=${fill}`)],
    unit: 'none',
    steps: noneSteps,
    reduce: 'count',
    fields: '/^age$/',
    noValue: ['0', '0'],
    transformations: [
      {
        id: 'filterByValue',
        options: {
          type: 'include',
          match: 'all',
          filters: [{ fieldName: 'age', config: { id: 'greater', options: { value: STALE_HOURS * 3_600 } } }],
        },
      },
    ],
  }),
];

const now = [
  newestTable({
    id: 11,
    title: ['Behälter nach Füllstand', 'Containers by fill level'],
    about: [
      'Letzter Füllstand je Behälter mit Alter; höchstens 1.000 Behälter.',
      'Newest fill level of each container with its age; 1,000 containers at most.',
    ],
    size: [14, 14],
    property: fill,
    head: ['Füllstand', 'Fill level'],
    steps: fillSteps,
    bar: true,
  }),
  course({
    id: 12,
    title: ['Füllkurve', 'Fill curve'],
    about: ['Verlauf des oben gewählten Behälters.', 'Course of the container chosen above.'],
    size: [10, 14],
    property: fill,
    every: '1h',
    steps: fillSteps,
    decimals: 0,
  }),
  table({
    id: 13,
    title: words.emptyings,
    about: [
      'Erkannte Leerungen im gezeigten Zeitraum mit dem Füllstand davor.',
      'Emptyings found within the span shown, with the fill level before.',
    ],
    size: [24, 9],
    queries: [happened('emptying')],
    columns: [
      column('time', words.when, { unit: 'dateTimeAsLocal', width: 180 }),
      column('thing', words.thing, { console: true }),
      column('value', ['Füllstand', 'Fill level'], { unit: unitOf(fill), decimals: 0, steps: plainSteps }),
    ],
    sortBy: [words.when, true],
  }),
];

export const apiWaste: DashboardSpec = {
  uid: 'plietsch-api-waste',
  title: ['Abfall (ohne InfluxDB)', 'Waste (without InfluxDB)'],
  about: [
    'Füllstände und Leerungen über die Schnittstelle des Hubs, für einen Versuch ohne InfluxDB.',
    "Fill levels and emptyings through the hub's API, for a pilot without InfluxDB.",
  ],
  source: 'api',
  from: 'now-7d',
  refresh: '5m',
  variables: (build) => [datastreamVariable(fill, build)],
  sections: [{ panels: tiles }, { id: 10, title: ['Jetzt', 'Now'], panels: now }],
};
