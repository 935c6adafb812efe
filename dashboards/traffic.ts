import type { DashboardSpec } from './assemble.ts';
import { curve, heardOf, hourly, names, newestOf, observations, overNewest, series, TIME_ZONE } from './influxql.ts';
import { silentTile } from './panels/silent.ts';
import { stat } from './panels/stat.ts';
import { column, freshColumn, sinceColumn, table } from './panels/table.ts';
import { timeSeries } from './panels/time-series.ts';
import { type Text, words } from './text.ts';
import { plainSteps, STALE_HOURS } from './thresholds.ts';
import { unitOf } from './units.ts';
import { placeVariables } from './variables.ts';

/** Counters that tell classes apart report them beside the sum of all: `<thing>.vehicle_count.cat2-ltr`. */
const ALL = '"datastream" !~ /[.]cat[0-9]/';
const toTheRight = '"datastream" =~ /[.]all-ltr$/';
const toTheLeft = '"datastream" =~ /[.]all-rtl$/';

const SILENT_HOURS = 3;

const classes: readonly (readonly [number, Text])[] = [
  [1, ['Klasse 1 (Zweiräder)', 'class 1 (two-wheelers)']],
  [2, ['Klasse 2 (Pkw)', 'class 2 (cars)']],
  [3, ['Klasse 3 (Lieferwagen)', 'class 3 (vans)']],
  [4, ['Klasse 4 (Lkw, Busse)', 'class 4 (lorries, buses)']],
];

const perHour = (where: string, alias: Text) =>
  series(`SELECT sum("value") ${observations('vehicle_count', { where })} GROUP BY time(1h) fill(none)`, alias);

const tiles = [
  stat({
    id: 1,
    title: ['Fahrzeuge heute', 'Vehicles today'],
    about: [
      'Summe aller gewählten Querschnitte seit Mitternacht, beide Richtungen.',
      'Sum of all chosen cross-sections since midnight, both directions.',
    ],
    size: [6, 4],
    queries: [
      series(
        `SELECT sum("value") ${observations('vehicle_count', { where: ALL })} GROUP BY time(1d) fill(none) ${TIME_ZONE}`,
        ['Fahrzeuge', 'vehicles'],
      ),
    ],
    unit: 'locale',
    steps: plainSteps,
  }),
  stat({
    id: 2,
    title: ['Fahrzeuge je Stunde', 'Vehicles per hour'],
    about: [
      'Letzte Stunde mit Messwerten; der Verlauf dahinter zeigt den Zeitraum des Dashboards.',
      "Latest hour with values; the course behind it shows the dashboard's span.",
    ],
    size: [6, 4],
    queries: [perHour(ALL, ['Fahrzeuge je Stunde', 'vehicles per hour'])],
    unit: 'locale',
    steps: plainSteps,
    graph: true,
  }),
  stat({
    id: 3,
    title: ['Mittlere Geschwindigkeit', 'Mean speed'],
    about: [
      'Mittel der letzten Viertelstundenwerte aller gewählten Querschnitte.',
      'Mean of the newest quarter-hourly values of all chosen cross-sections.',
    ],
    size: [6, 4],
    queries: [overNewest('mean("value")', 'vehicle_speed', { where: ALL })],
    unit: unitOf('vehicle_speed'),
    decimals: 0,
    steps: plainSteps,
  }),
  silentTile({
    id: 4,
    title: ['Stille Zählstellen', 'Silent counters'],
    about: [
      'Querschnitte, von denen seit mehr als drei Stunden nichts kam.',
      'Cross-sections not heard of for more than three hours.',
    ],
    width: 6,
    property: 'vehicle_count',
    hours: SILENT_HOURS,
    options: { where: ALL },
  }),
];

const volumes = [
  timeSeries({
    id: 11,
    title: ['Fahrzeuge je Stunde und Querschnitt', 'Vehicles per hour and cross-section'],
    about: ['Summe beider Richtungen.', 'Sum of both directions.'],
    size: [24, 10],
    queries: [
      series(
        `SELECT sum("value") ${observations('vehicle_count', { where: ALL })} GROUP BY time(1h), "thing" fill(none)`,
      ),
    ],
    unit: 'none',
    min: 0,
    interval: '1h',
  }),
  timeSeries({
    id: 12,
    title: ['Nach Richtung', 'By direction'],
    about: [
      'Fahrzeuge je Stunde nach Fahrtrichtung, vom Messgerät aus gesehen; welche Richtung welcher Ort ist, steht bei der Messstelle in der Konsole.',
      'Vehicles per hour by direction as seen from the device; which direction leads where is told with the measuring point in the console.',
    ],
    size: [12, 9],
    queries: [
      perHour(toTheRight, ['von links nach rechts', 'from left to right']),
      perHour(toTheLeft, ['von rechts nach links', 'from right to left']),
    ],
    unit: 'none',
    min: 0,
    bars: true,
    stacked: true,
    interval: '1h',
  }),
  timeSeries({
    id: 13,
    title: ['Nach Fahrzeugklasse', 'By vehicle class'],
    about: [
      'Fahrzeuge je Stunde nach den vier Klassen des Zählers; ihre Grenzen sind am Gerät eingestellt.',
      'Vehicles per hour by the four classes of the counter; their limits are set at the device.',
    ],
    size: [12, 9],
    queries: classes.map(([number, name]) => perHour(`"datastream" =~ /[.]cat${number}-/`, name)),
    unit: 'none',
    min: 0,
    bars: true,
    stacked: true,
    interval: '1h',
  }),
];

const speeds = [
  timeSeries({
    id: 21,
    title: ['Geschwindigkeit', 'Speed'],
    about: ['Mittlere Geschwindigkeit je Stunde und Querschnitt.', 'Mean speed per hour and cross-section.'],
    size: [12, 9],
    queries: [curve('vehicle_speed', 'mean', { where: ALL })],
    unit: unitOf('vehicle_speed'),
    decimals: 0,
    interval: '1h',
  }),
  timeSeries({
    id: 22,
    title: ['Schnellste Viertelstunden', 'Fastest quarter-hours'],
    about: [
      '85. Perzentil der Viertelstundenmittel eines Tages: wird es über Wochen höher, lohnt sich eine Kontrolle.',
      '85th percentile of the quarter-hourly means of a day: where it rises over weeks a speed check is worth while.',
    ],
    size: [12, 9],
    queries: [
      series(
        `SELECT percentile("value", 85) ${observations('vehicle_speed', { where: ALL })} GROUP BY time(1d), "thing" fill(none) ${TIME_ZONE}`,
      ),
    ],
    unit: unitOf('vehicle_speed'),
    decimals: 0,
    interval: '1d',
    bridgeMs: 172_800_000,
  }),
  table({
    id: 23,
    title: ['Zählstellen', 'Counters'],
    about: ['Letzter Wert je Querschnitt mit Alter.', 'Newest value of each cross-section with its age.'],
    size: [24, 9],
    queries: [
      newestOf('vehicle_speed', 'speed', { where: ALL }),
      names(),
      heardOf('vehicle_speed', STALE_HOURS, { where: ALL }),
    ],
    joinBy: 'thing',
    keep: 'speed',
    hidden: ['thing', 'site_name'],
    columns: [
      column('name', words.name, { console: true }),
      column('municipality_name', words.municipality),
      column('speed', ['Geschwindigkeit', 'Speed'], { unit: unitOf('vehicle_speed'), decimals: 0 }),
      freshColumn(),
      sinceColumn('measured', words.measuredAt),
    ],
    sortBy: [words.name, false],
  }),
];

const longTerm = [
  timeSeries({
    id: 31,
    title: ['Fahrzeuge je Tag', 'Vehicles per day'],
    about: ['Tagessummen der Stundenwerte je Querschnitt.', 'Daily sums of the hourly figures of each cross-section.'],
    size: [24, 10],
    queries: [
      series(
        `SELECT sum("sum") ${hourly('vehicle_count', { where: ALL })} GROUP BY time(1d), "thing" fill(none) ${TIME_ZONE}`,
      ),
    ],
    unit: 'none',
    min: 0,
    span: '365d',
    interval: '1d',
    bridgeMs: 172_800_000,
  }),
];

export const traffic: DashboardSpec = {
  uid: 'plietsch-traffic',
  title: ['Verkehr', 'Traffic'],
  about: [
    'Verkehrsmengen nach Richtung und Klasse, Geschwindigkeiten und Zustand der Zählstellen.',
    'Traffic volumes by direction and class, speeds and condition of the counters.',
  ],
  source: 'influxdb',
  from: 'now-7d',
  refresh: '5m',
  variables: (build) => placeVariables(['road_cross_section'], build),
  marks: ['deployment'],
  sections: [
    { panels: tiles },
    { id: 10, title: ['Verkehrsmengen', 'Volumes'], panels: volumes },
    { id: 20, title: ['Geschwindigkeiten', 'Speeds'], panels: speeds },
    { id: 30, title: words.longTerm, panels: longTerm, folded: true },
  ],
};
