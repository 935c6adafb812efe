import type { DashboardSpec } from './assemble.ts';
import { days, LATELY, OF_THINGS, observations, series, table as tableQuery } from './influxql.ts';
import { eventNames } from './mappings.ts';
import type { PanelBrick } from './panels/panel.ts';
import { column, table } from './panels/table.ts';
import { timeSeries } from './panels/time-series.ts';
import { ALL_VEHICLES, regionTiles } from './region-tiles.ts';
import { type Text, words } from './text.ts';
import { fillSteps, pm25Steps, type Steps, surgeSteps } from './thresholds.ts';
import { unitOf } from './units.ts';
import { placeVariables } from './variables.ts';

interface Trend {
  readonly id: number;
  readonly title: Text;
  readonly about: Text;
  readonly property: string;
  readonly lines: readonly (readonly [figure: string, alias: Text])[];
  readonly steps?: Steps;
  readonly where?: string;
}

const trend = ({ id, title, about, property, lines, steps, where }: Trend): PanelBrick =>
  timeSeries({
    id,
    title,
    about,
    size: [8, 8],
    queries: lines.map(([figure, alias]) =>
      series(
        `SELECT ${figure}("value") ${observations(property, where === undefined ? {} : { where })} GROUP BY time(1h) fill(none)`,
        alias,
      ),
    ),
    unit: unitOf(property),
    interval: '1h',
    ...(steps && { steps, limits: true }),
  });

const mean: Text = ['Mittel', 'mean'];
const highest: Text = ['höchster', 'highest'];
const lowest: Text = ['niedrigster', 'lowest'];

const trends = [
  trend({
    id: 21,
    title: ['Füllstand der Behälter', 'Fill level of containers'],
    about: [
      'Mittlerer Füllstand aller gewählten Behälter je Stunde.',
      'Mean fill level of all chosen containers per hour.',
    ],
    property: 'fill_level',
    lines: [['mean', mean]],
    steps: fillSteps,
  }),
  trend({
    id: 22,
    title: ['Wasserstand', 'Water level'],
    about: [
      'Höchster und niedrigster Pegel je Stunde mit den Schwellen der Sturmflutklassen.',
      'Highest and lowest gauge per hour with the limits of the storm surge classes.',
    ],
    property: 'water_level',
    lines: [
      ['max', highest],
      ['min', lowest],
    ],
    steps: surgeSteps,
  }),
  trend({
    id: 23,
    title: ['Fahrzeuge je Stunde', 'Vehicles per hour'],
    about: ['Summe aller gewählten Querschnitte.', 'Sum of all chosen cross-sections.'],
    property: 'vehicle_count',
    lines: [['sum', ['Fahrzeuge', 'vehicles']]],
    where: ALL_VEHICLES,
  }),
  trend({
    id: 24,
    title: ['Feinstaub PM2,5', 'Particulate matter PM2.5'],
    about: ['Mittel und höchste Station je Stunde.', 'Mean and highest station per hour.'],
    property: 'pm2_5',
    lines: [
      ['mean', mean],
      ['max', highest],
    ],
    steps: pm25Steps,
  }),
  trend({
    id: 25,
    title: ['Lufttemperatur', 'Air temperature'],
    about: ['Mittel, wärmste und kälteste Station je Stunde.', 'Mean, warmest and coldest station per hour.'],
    property: 'air_temperature',
    lines: [
      ['max', ['wärmste', 'warmest']],
      ['mean', mean],
      ['min', ['kälteste', 'coldest']],
    ],
  }),
  table({
    id: 26,
    title: ['Ereignisse', 'Events'],
    about: [
      'Was zuletzt geschah: Leerungen, Sturmfluten, Gerätewechsel.',
      'What happened last: emptyings, storm surges, deployments.',
    ],
    size: [8, 8],
    queries: [
      tableQuery(
        `SELECT "kind", "thing", "value" FROM "derived"."event" WHERE ${OF_THINGS} AND ${LATELY} ORDER BY time DESC LIMIT 50`,
      ),
    ],
    columns: [
      column('Time', words.when, { unit: 'dateTimeFromNow', width: 120 }),
      column('kind', ['Art', 'Kind'], { mappings: eventNames, width: 110 }),
      column('thing', words.thing, { console: true }),
      column('value', ['Wert', 'Value'], { decimals: 2, width: 70 }),
    ],
  }),
];

const longTerm = [
  timeSeries({
    id: 31,
    title: ['Wasserstand über das Jahr', 'Water level over the year'],
    about: ['Tägliches Hoch und Tief aus Stundenwerten.', 'Daily high and low from hourly figures.'],
    size: [12, 8],
    queries: [days('max("max")', 'water_level', highest), days('min("min")', 'water_level', lowest)],
    unit: unitOf('water_level'),
    decimals: 2,
    span: '365d',
    interval: '1d',
    bridgeMs: 172_800_000,
  }),
  timeSeries({
    id: 32,
    title: ['Lufttemperatur über das Jahr', 'Air temperature over the year'],
    about: ['Tagesmittel aus Stundenwerten.', 'Daily means from hourly figures.'],
    size: [12, 8],
    queries: [days('mean("mean")', 'air_temperature', mean)],
    unit: unitOf('air_temperature'),
    decimals: 1,
    span: '365d',
    interval: '1d',
    bridgeMs: 172_800_000,
  }),
];

export const regionOverview: DashboardSpec = {
  uid: 'plietsch-region',
  title: ['Region', 'Region overview'],
  about: [
    'Die ganze Region auf einem Bildschirm: was zu tun ist, wo es steht, ob alles meldet. Jede Kachel führt zu ihrem Dashboard.',
    'The whole region on one screen: what is to be done, how things stand, whether everything reports. Each tile leads to its dashboard.',
  ],
  source: 'influxdb',
  from: 'now-48h',
  refresh: '1m',
  variables: (build) =>
    placeVariables(
      ['container_slot', 'road_cross_section', 'gauge', 'weather_station', 'meter', 'air_station', 'parking_bay'],
      build,
    ),
  marks: ['surge', 'deployment'],
  sections: [
    { panels: regionTiles },
    { id: 20, title: ['Verlauf', 'Course'], panels: trends },
    { id: 30, title: words.longTerm, panels: longTerm, folded: true },
  ],
};
