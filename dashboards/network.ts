import type { DashboardSpec } from './assemble.ts';
import { DEVICES, weakBatteries } from './device-panels.ts';
import {
  heardOf,
  names,
  newest,
  newestOf,
  observations,
  overNewest,
  series,
  TIME_ZONE,
  table as tableQuery,
} from './influxql.ts';
import { statesOf } from './mappings.ts';
import { growth } from './metrics.ts';
import { messagePanels } from './network-messages.ts';
import { stat } from './panels/stat.ts';
import { column, freshColumn, sinceColumn, table } from './panels/table.ts';
import { timeSeries } from './panels/time-series.ts';
import { words } from './text.ts';
import { BATTERY_LOW, noneSteps, plainSteps, STALE_HOURS } from './thresholds.ts';
import { unitOf } from './units.ts';

const OF_DEVICES = { things: DEVICES };

/** Whatever a device says of its power supply: each says something of it, so that it tells when a device was heard. */
const SUPPLY = '/^(battery_level|battery_voltage|supply_voltage|external_power|battery_life|device_error)$/';
const known = tableQuery(
  `SELECT last("origin") AS "known" FROM ${SUPPLY} WHERE ${DEVICES} AND time > now() - 7d GROUP BY "thing"`,
);
const heard = tableQuery(
  `SELECT count("origin") AS "heard" FROM ${SUPPLY} WHERE ${DEVICES} AND time > now() - ${STALE_HOURS}h GROUP BY "thing"`,
);
const grouped = (fields: Readonly<Record<string, string>>) => ({
  id: 'groupBy',
  options: {
    fields: {
      thing: { operation: 'groupby', aggregations: [] },
      ...Object.fromEntries(
        Object.entries(fields).map(([name, figure]) => [name, { operation: 'aggregate', aggregations: [figure] }]),
      ),
    },
  },
});
/** InfluxQL keeps measurements apart: a device that says two things of its supply has two rows. */
const oncePerDevice = grouped({ known: 'count', heard: 'sum' });
const joined = { id: 'joinByField', options: { byField: 'thing', mode: 'outer' } };
const silent = {
  id: 'filterByValue',
  options: {
    type: 'include',
    match: 'all',
    filters: [{ fieldName: 'heard (sum)', config: { id: 'isNull', options: {} } }],
  },
};
/** Growth over the last hour, minute by minute. */
const LAST_HOUR = { span: '1h', interval: '1m', reduce: 'sum' } as const;

const tiles = [
  stat({
    id: 1,
    title: ['Geräte gehört', 'Devices heard'],
    about: [
      'Geräte, die sich in den letzten sieben Tagen gemeldet haben.',
      'Devices that reported within the last seven days.',
    ],
    size: [4, 4],
    queries: [known],
    unit: 'none',
    steps: plainSteps,
    transformations: [grouped({ known: 'count' })],
    reduce: 'count',
    fields: '/^known/',
  }),
  stat({
    id: 2,
    title: ['Seit 24 Stunden still', 'Silent for 24 hours'],
    about: [
      'Geräte, die sich in den letzten sieben Tagen gemeldet haben, aber nicht in den letzten 24 Stunden.',
      'Devices that reported within the last seven days, but not within the last 24 hours.',
    ],
    size: [4, 4],
    queries: [known, heard],
    unit: 'none',
    steps: noneSteps,
    transformations: [oncePerDevice, joined, silent],
    reduce: 'count',
    fields: '/^known/',
    noValue: ['0', '0'],
  }),
  stat({
    id: 3,
    title: ['Batterie unter 10 %', 'Battery below 10 %'],
    about: ['Geräte, deren Batterie bald leer ist.', 'Devices whose battery is soon empty.'],
    size: [4, 4],
    queries: [overNewest('count("value")', 'battery_level', { ...OF_DEVICES, filter: `"value" < ${BATTERY_LOW}` })],
    unit: 'none',
    steps: noneSteps,
    noValue: ['0', '0'],
  }),
  stat({
    id: 4,
    title: ['Schwacher Empfang', 'Weak reception'],
    about: [
      'Geräte mit weniger als 5 dB Reserve (DevStatusAns): ein Gateway in der Nähe hilft.',
      'Devices with less than 5 dB of margin (DevStatusAns): a gateway nearby would help.',
    ],
    size: [4, 4],
    queries: [overNewest('count("value")', 'link_margin', { ...OF_DEVICES, filter: '"value" < 5' })],
    unit: 'none',
    steps: [
      [1, 'yellow'],
      [10, 'orange'],
    ],
    noValue: ['0', '0'],
  }),
  stat({
    id: 5,
    title: ['Unzustellbare Nachrichten', 'Dead letters'],
    about: [
      'Nachrichten der letzten Stunde, die der Hub nicht verarbeiten konnte; sie liegen in der Konsole und gehen nicht verloren.',
      'Messages of the last hour that the hub could not process; they are kept and can be tried again.',
    ],
    size: [4, 4],
    queries: [growth('dead_letters_total', '$__interval', { alias: ['unzustellbar', 'dead letters'] })],
    ...LAST_HOUR,
    unit: 'none',
    steps: noneSteps,
    noValue: ['0', '0'],
  }),
  stat({
    id: 6,
    title: ['Empfangene Nachrichten', 'Messages received'],
    about: [
      'Was Network-Server dem Hub in der letzten Stunde übergeben haben.',
      'What network servers handed to the hub within the last hour.',
    ],
    size: [4, 4],
    queries: [growth('uplinks_received_total', '$__interval', { alias: ['Nachrichten', 'messages'] })],
    ...LAST_HOUR,
    unit: 'locale',
    steps: plainSteps,
    noValue: ['0', '0'],
  }),
];

const devices = [
  table({
    id: 11,
    title: ['Am längsten still', 'Silent for longest'],
    about: ['Die 50 Geräte, deren letzte Meldung am ältesten ist.', 'The 50 devices whose newest report is oldest.'],
    size: [12, 12],
    queries: [known, names(DEVICES)],
    firstly: [grouped({ measured: 'max', name: 'lastNotNull' })],
    joinBy: 'thing',
    keep: 'measured (max)',
    top: { count: 50, by: 'measured (max)', descending: false },
    columns: [
      column('name (lastNotNull)', words.name),
      column('thing', words.device, { console: true }),
      sinceColumn('measured (max)', ['zuletzt gehört', 'last heard']),
    ],
  }),
  weakBatteries(12, [12, 12]),
  table({
    id: 13,
    title: ['Batteriespannungen', 'Battery voltages'],
    about: [
      'Geräte, die eine Spannung melden; was leer ist, hängt von Zelle und Gerät ab.',
      'Devices that report a voltage; what is empty depends on cell and device.',
    ],
    size: [12, 9],
    queries: [
      newestOf('battery_voltage', 'voltage', OF_DEVICES),
      names(DEVICES),
      heardOf('battery_voltage', STALE_HOURS, OF_DEVICES),
    ],
    joinBy: 'thing',
    keep: 'voltage',
    top: { count: 25, by: 'voltage', descending: false },
    hidden: ['measured', 'site_name', 'municipality_name'],
    columns: [
      column('name', words.name),
      column('thing', words.device, { console: true }),
      column('voltage', ['Spannung', 'Voltage'], { unit: unitOf('battery_voltage'), decimals: 2 }),
      freshColumn(),
    ],
  }),
  table({
    id: 14,
    title: ['Geringste Empfangsreserve', 'Lowest link margin'],
    about: [
      'Reserve über der Demodulationsgrenze, wie das Gerät sie meldet.',
      'Margin above the demodulation floor as the device reports it.',
    ],
    size: [12, 9],
    queries: [
      newestOf('link_margin', 'margin', OF_DEVICES),
      names(DEVICES),
      heardOf('link_margin', STALE_HOURS, OF_DEVICES),
    ],
    joinBy: 'thing',
    keep: 'margin',
    top: { count: 25, by: 'margin', descending: false },
    hidden: ['measured', 'site_name', 'municipality_name'],
    columns: [
      column('name', words.name),
      column('thing', words.device, { console: true }),
      column('margin', ['Reserve', 'Margin'], {
        unit: unitOf('link_margin'),
        decimals: 0,
        cell: 'coloured',
        steps: [
          [Number.NEGATIVE_INFINITY, 'red'],
          [5, 'yellow'],
          [10, 'green'],
        ],
      }),
      freshColumn(),
    ],
  }),
  timeSeries({
    id: 15,
    title: ['Beitritte je Tag', 'Joins per day'],
    about: [
      'Wie oft Geräte dem Netz neu beitraten; viele Beitritte heißen Neustarts oder schlechten Empfang.',
      'How often devices joined the network anew; many joins mean restarts or bad reception.',
    ],
    size: [12, 8],
    queries: [
      series(`SELECT sum("value") ${observations('joined', OF_DEVICES)} GROUP BY time(1d) fill(0) ${TIME_ZONE}`, [
        'Beitritte',
        'joins',
      ]),
    ],
    unit: 'none',
    decimals: 0,
    min: 0,
    bars: true,
    interval: '1d',
  }),
  stat({
    id: 16,
    title: ['NAMUR-Zustand', 'NAMUR state'],
    about: [
      'Was Messgeräte nach NAMUR NE 107 von sich sagen; gezeigt werden die, die es tun.',
      'What devices say of themselves by NAMUR NE 107; those that do are shown.',
    ],
    size: [12, 8],
    queries: [series(newest('namur_state', OF_DEVICES))],
    unit: 'none',
    mappings: statesOf('namur_state', { 0: 'green', 1: 'blue', 2: 'yellow', 3: 'orange', 4: 'red' }),
    named: true,
  }),
];

export const network: DashboardSpec = {
  uid: 'plietsch-network',
  title: ['Netz und Gerätezustand', 'Network and device health'],
  about: [
    'Stille Geräte, Batterien, Empfang und was aus den Nachrichten wurde.',
    'Silent devices, batteries, reception and what became of messages.',
  ],
  source: 'influxdb',
  from: 'now-48h',
  refresh: '5m',
  sections: [
    { panels: tiles },
    { id: 10, title: ['Geräte', 'Devices'], panels: devices },
    { id: 20, title: ['Nachrichten', 'Messages'], panels: messagePanels },
  ],
};
