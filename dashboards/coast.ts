import type { DashboardSpec } from './assemble.ts';
import {
  curve,
  days,
  events,
  heardOf,
  names,
  newest,
  newestOf,
  observations,
  overNewest,
  series,
  table as tableQuery,
} from './influxql.ts';
import { surgeClasses } from './mappings.ts';
import { stat } from './panels/stat.ts';
import { column, freshColumn, sinceColumn, table } from './panels/table.ts';
import { timeSeries } from './panels/time-series.ts';
import { words } from './text.ts';
import { noneSteps, plainSteps, surgeSteps } from './thresholds.ts';
import { unitOf } from './units.ts';
import { placeVariables, stationVariable, WEATHER_STATIONS } from './variables.ts';

const level = unitOf('water_level');

const tiles = [
  stat({
    id: 1,
    title: ['Höchster Wasserstand', 'Highest water level'],
    about: [
      'Höchster letzter Wasserstand aller gewählten Pegel über NHN. Farben: Sturmflut ab 1,00 m, mittlere ab 1,25 m, schwere ab 1,50 m, sehr schwere ab 2,00 m über dem Mittel (BSH, Ostsee).',
      'Highest newest level of all chosen gauges above datum. Colours: storm surge from 1.00 m, medium from 1.25 m, severe from 1.50 m, very severe from 2.00 m above the mean (BSH, Baltic Sea).',
    ],
    size: [5, 5],
    queries: [overNewest('max("value")', 'water_level')],
    unit: level,
    decimals: 2,
    steps: surgeSteps,
  }),
  stat({
    id: 2,
    title: ['Pegel im Sturmflutbereich', 'Gauges in storm surge'],
    about: ['Pegel, deren letzter Wasserstand mindestens 1,00 m ist.', 'Gauges whose newest level is at least 1.00 m.'],
    size: [5, 5],
    queries: [overNewest('count("value")', 'water_level', { filter: '"value" >= 1' })],
    unit: 'none',
    steps: noneSteps,
    noValue: ['0', '0'],
  }),
  stat({
    id: 3,
    title: ['Anstieg je Stunde', 'Rise per hour'],
    about: [
      'Stärkster Anstieg eines Pegels von einer Stunde zur nächsten, in Metern; ab 0,15 m je Stunde läuft eine Sturmflut auf.',
      'Strongest rise of a gauge from one hour to the next, in metres; from 0.15 m an hour on a storm surge builds up.',
    ],
    size: [5, 5],
    queries: [
      series(
        `SELECT max("rise") FROM (SELECT difference(mean("value")) AS "rise" ${observations('water_level')} GROUP BY time(1h), "thing" fill(none)) WHERE $timeFilter GROUP BY time(1h) fill(none)`,
        ['stärkster Anstieg', 'strongest rise'],
      ),
    ],
    unit: level,
    decimals: 2,
    steps: [
      [0.1, 'yellow'],
      [0.15, 'orange'],
      [0.25, 'red'],
    ],
    graph: true,
  }),
  stat({
    id: 4,
    title: ['Niedrigster Wasserstand', 'Lowest water level'],
    about: [
      'Niedrigster letzter Wasserstand; unter −1,00 m sind Häfen und Fähranleger eingeschränkt.',
      'Lowest newest level; below −1.00 m harbours and ferry landings are restricted.',
    ],
    size: [5, 5],
    queries: [overNewest('min("value")', 'water_level')],
    unit: level,
    decimals: 2,
    steps: [
      [Number.NEGATIVE_INFINITY, 'red'],
      [-1, 'yellow'],
      [-0.75, 'blue'],
    ],
  }),
  stat({
    id: 5,
    title: ['Pegel mit Messwert', 'Gauges with a value'],
    about: [
      'Gewählte Pegel mit gültigem Messwert in den letzten 14 Tagen.',
      'Chosen gauges with a valid value within the last 14 days.',
    ],
    size: [4, 5],
    queries: [overNewest('count("value")', 'water_level')],
    unit: 'none',
    steps: plainSteps,
  }),
  stat({
    id: 6,
    title: ['Wasserstände jetzt', 'Water levels now'],
    about: ['Letzter gültiger Wasserstand je Pegel über NHN.', 'Newest valid level of each gauge above datum.'],
    size: [24, 5],
    queries: [series(newest('water_level'))],
    unit: level,
    decimals: 2,
    steps: surgeSteps,
    named: true,
  }),
];

const curves = [
  timeSeries({
    id: 11,
    title: ['Wasserstände', 'Water levels'],
    about: [
      'Verlauf über NHN mit den Schwellen der Sturmflutklassen; Sturmfluten sind am Zeitstrahl markiert.',
      'Course above datum with the limits of the storm surge classes; surges are marked on the time axis.',
    ],
    size: [24, 11],
    queries: [curve('water_level')],
    unit: level,
    decimals: 2,
    steps: surgeSteps,
    limits: true,
    interval: '10m',
  }),
  table({
    id: 12,
    title: ['Pegel', 'Gauges'],
    about: [
      'Letzter Wasserstand mit Alter; ein Pegel ohne frische Werte ist als veraltet markiert.',
      'Newest level with its age; a gauge without fresh values is marked as stale.',
    ],
    size: [12, 9],
    queries: [newestOf('water_level', 'level'), names(), heardOf('water_level')],
    joinBy: 'thing',
    keep: 'level',
    hidden: ['thing', 'site_name'],
    columns: [
      column('name', words.name, { console: true }),
      column('municipality_name', words.municipality),
      column('level', ['Wasserstand', 'Water level'], {
        unit: level,
        decimals: 2,
        steps: surgeSteps,
        cell: 'coloured',
      }),
      freshColumn(),
      sinceColumn('measured', words.measuredAt),
    ],
    sortBy: [['Wasserstand', 'Water level'], true],
  }),
  table({
    id: 13,
    title: words.surges,
    about: [
      'Sturmfluten an den gewählten Pegeln: Beginn, Ende, höchster Stand und Klasse nach BSH.',
      'Storm surges at the chosen gauges: begin, end, highest level and class by BSH.',
    ],
    size: [12, 9],
    queries: [
      tableQuery(
        `SELECT "thing", "value" AS "peak", "value" AS "class", "until" ${events('surge', { bound: 'time > now() - 365d' })} ORDER BY time DESC LIMIT 100`,
      ),
    ],
    columns: [
      column('Time', words.begin, { unit: 'dateTimeAsLocal', width: 170 }),
      column('until', words.end, { unit: 'dateTimeAsLocal', width: 170 }),
      column('thing', ['Pegel', 'Gauge'], { console: true }),
      column('peak', ['Höchststand', 'Peak'], { unit: level, decimals: 2, width: 110 }),
      column('class', ['Klasse', 'Class'], { mappings: surgeClasses, cell: 'coloured' }),
    ],
  }),
];

const OF_STATIONS = { things: WEATHER_STATIONS };

const weather = [
  timeSeries({
    id: 21,
    title: ['Wind', 'Wind'],
    about: [
      'Mittlerer Wind und stärkste Böe an den Wetterstationen.',
      'Mean wind and strongest gust at the weather stations.',
    ],
    size: [12, 9],
    queries: [
      series(`SELECT mean("value") ${observations('wind_speed', OF_STATIONS)} GROUP BY time($__interval) fill(none)`, [
        'Wind',
        'wind',
      ]),
      series(`SELECT max("value") ${observations('wind_gust', OF_STATIONS)} GROUP BY time($__interval) fill(none)`, [
        'stärkste Böe',
        'strongest gust',
      ]),
    ],
    unit: unitOf('wind_speed'),
    min: 0,
    interval: '10m',
  }),
  timeSeries({
    id: 22,
    title: ['Windrichtung', 'Wind direction'],
    about: [
      'Woher der Wind weht: Nordost (45°) staut, Südwest (225°) leert die Buchten.',
      'Whence the wind blows: north-east (45°) fills the bays, south-west (225°) empties them.',
    ],
    size: [6, 9],
    queries: [curve('wind_direction', 'last', OF_STATIONS)],
    unit: unitOf('wind_direction'),
    min: 0,
    max: 360,
    interval: '1h',
    legend: false,
  }),
  timeSeries({
    id: 23,
    title: ['Luftdruck', 'Air pressure'],
    about: [
      'Luftdruck an den Wetterstationen; ein rascher Fall kündigt Sturm an.',
      'Air pressure at the weather stations; a fast fall announces a storm.',
    ],
    size: [6, 9],
    queries: [curve('air_pressure', 'mean', OF_STATIONS)],
    unit: unitOf('air_pressure'),
    decimals: 0,
    interval: '1h',
    legend: false,
  }),
];

const longTerm = [
  timeSeries({
    id: 31,
    title: ['Wasserstand über das Jahr', 'Water level over the year'],
    about: [
      'Tägliches Hoch, Mittel und Tief aller gewählten Pegel aus Stundenwerten.',
      'Daily high, mean and low of all chosen gauges from hourly figures.',
    ],
    size: [24, 10],
    queries: [
      days('max("max")', 'water_level', ['höchster', 'highest']),
      days('mean("mean")', 'water_level', ['Mittel', 'mean']),
      days('min("min")', 'water_level', ['niedrigster', 'lowest']),
    ],
    unit: level,
    decimals: 2,
    steps: surgeSteps,
    limits: true,
    span: '365d',
    interval: '1d',
    bridgeMs: 172_800_000,
  }),
];

export const coast: DashboardSpec = {
  uid: 'plietsch-coast',
  title: ['Küste und Flüsse', 'Coast and rivers'],
  about: [
    'Wasserstände, Sturmfluten und Wind für Hafen, Feuerwehr und Küstenschutz.',
    'Water levels, storm surges and wind for harbour masters, fire brigades and coastal protection.',
  ],
  source: 'influxdb',
  from: 'now-24h',
  refresh: '1m',
  variables: (build) => [...placeVariables(['gauge'], build), stationVariable(build)],
  marks: ['surge', 'deployment'],
  sections: [
    { panels: tiles },
    { id: 10, title: ['Verlauf', 'Course'], panels: curves },
    { id: 20, title: ['Wetter an der Küste', 'Weather at the coast'], panels: weather },
    { id: 30, title: words.longTerm, panels: longTerm, folded: true },
  ],
};
