import type { DashboardSpec } from './assemble.ts';
import { curve, heardOf, hourly, names, newestOf, observations, overNewest, series, TIME_ZONE } from './influxql.ts';
import { ALL_PHASES, perDay, perDayAndMeter, perWeek, REGISTERS } from './meters.ts';
import { stat } from './panels/stat.ts';
import { column, freshColumn, sinceColumn, table } from './panels/table.ts';
import { timeSeries } from './panels/time-series.ts';
import { type Text, words } from './text.ts';
import { noneSteps, plainSteps, STALE_HOURS } from './thresholds.ts';
import { unitOf } from './units.ts';
import { placeVariables } from './variables.ts';

const kwh = unitOf('active_energy');
const drawn: Text = ['Strombezug', 'electricity drawn'];
const fed: Text = ['Einspeisung', 'electricity fed in'];
const heat: Text = ['Wärme', 'heat'];

const tiles = [
  stat({
    id: 1,
    title: ['Leistung jetzt', 'Power now'],
    about: [
      'Summe der Leistungen, die die gewählten Zähler gerade beziehen.',
      'Sum of what the chosen meters draw at the moment.',
    ],
    size: [4, 4],
    queries: [overNewest('sum("value")', 'active_power', { where: ALL_PHASES, filter: '"value" > 0' })],
    unit: unitOf('active_power'),
    decimals: 1,
    steps: plainSteps,
    noValue: ['0', '0'],
  }),
  stat({
    id: 2,
    title: ['Einspeisung jetzt', 'Fed in now'],
    about: [
      'Was Photovoltaik gerade ins Netz speist; nachts nichts.',
      'What photovoltaics feed into the grid at the moment; nothing at night.',
    ],
    size: [4, 4],
    queries: [overNewest('sum("value") * -1', 'active_power', { where: ALL_PHASES, filter: '"value" < 0' })],
    unit: unitOf('active_power'),
    decimals: 1,
    steps: [[0, 'green']],
    noValue: ['0', '0'],
  }),
  stat({
    id: 3,
    title: ['Strom heute', 'Electricity today'],
    about: [
      'Bezug aller gewählten Zähler seit Mitternacht, bis zur letzten vollen Stunde.',
      'Drawn by all chosen meters since midnight, up to the latest full hour.',
    ],
    size: [4, 4],
    queries: [perDay('active_energy', drawn)],
    unit: kwh,
    decimals: 0,
    steps: plainSteps,
  }),
  stat({
    id: 4,
    title: ['Wärme heute', 'Heat today'],
    about: [
      'Wärmemenge aller gewählten Zähler seit Mitternacht, bis zur letzten vollen Stunde.',
      'Heat of all chosen meters since midnight, up to the latest full hour.',
    ],
    size: [4, 4],
    queries: [perDay('heat_energy', heat)],
    unit: unitOf('heat_energy'),
    decimals: 0,
    steps: plainSteps,
  }),
  stat({
    id: 5,
    title: ['Photovoltaik, bester Tag', 'Photovoltaics, best day'],
    about: [
      'Höchste Einspeisung eines Tages im gewählten Zeitraum.',
      'Highest feed-in of one day within the span shown.',
    ],
    size: [4, 4],
    queries: [perDay('active_energy_exported', fed)],
    unit: unitOf('active_energy_exported'),
    decimals: 0,
    steps: plainSteps,
    reduce: 'max',
  }),
  stat({
    id: 6,
    title: ['Zähler mit Wasserverlust', 'Meters with a leak'],
    about: [
      'Wasserzähler, die Dauerfluss oder Rohrbruch melden: hinfahren.',
      'Water meters that report continuous flow or a broken pipe: go there.',
    ],
    size: [4, 4],
    queries: [overNewest('count("value")', 'water_leak', { filter: '"value" = 1' })],
    unit: 'none',
    steps: noneSteps,
    noValue: ['0', '0'],
  }),
];

const electricity = [
  timeSeries({
    id: 11,
    title: ['Strom je Tag', 'Electricity per day'],
    about: ['Tagesverbrauch je Zähler aus den Zählerständen.', 'Daily consumption of each meter by its readings.'],
    size: [12, 10],
    queries: [perDayAndMeter('active_energy')],
    unit: kwh,
    decimals: 0,
    min: 0,
    bars: true,
    stacked: true,
    interval: '1d',
  }),
  timeSeries({
    id: 12,
    title: ['Grundlast', 'Base load'],
    about: [
      'Niedrigstes Stundenmittel der bezogenen Leistung eines Tages, meist nachts: was immer läuft. Ein Sprung heißt, dass etwas eingeschaltet blieb.',
      'Lowest hourly mean of the power drawn in a day, mostly at night: what always runs. A step says that something was left on.',
    ],
    size: [12, 10],
    queries: [
      series(
        `SELECT min("mean") ${hourly('active_power', { where: `${ALL_PHASES} AND "mean" >= 0` })} GROUP BY time(1d), "thing" fill(none) ${TIME_ZONE}`,
      ),
    ],
    unit: unitOf('active_power'),
    min: 0,
    interval: '1d',
    bridgeMs: 172_800_000,
  }),
  timeSeries({
    id: 13,
    title: ['Leistung', 'Power'],
    about: [
      'Viertelstundenmittel je Zähler; unter null wird eingespeist.',
      'Quarter-hourly means of each meter; below zero it feeds in.',
    ],
    size: [16, 10],
    queries: [curve('active_power', 'mean', { where: ALL_PHASES })],
    unit: unitOf('active_power'),
    interval: '15m',
  }),
  timeSeries({
    id: 14,
    title: ['Photovoltaik je Tag', 'Photovoltaics per day'],
    about: ['Eingespeiste Energie je Tag aus den Zählerständen.', 'Energy fed in per day by the readings.'],
    size: [8, 10],
    queries: [perDay('active_energy_exported', fed)],
    unit: unitOf('active_energy_exported'),
    decimals: 0,
    min: 0,
    bars: true,
    interval: '1d',
  }),
];

const heatAndWater = [
  timeSeries({
    id: 21,
    title: ['Wärme je Tag', 'Heat per day'],
    about: ['Tagesverbrauch je Wärmezähler.', 'Daily consumption of each heat meter.'],
    size: [12, 9],
    queries: [perDayAndMeter('heat_energy')],
    unit: unitOf('heat_energy'),
    decimals: 0,
    min: 0,
    bars: true,
    stacked: true,
    interval: '1d',
  }),
  timeSeries({
    id: 22,
    title: ['Wärmeleistung', 'Thermal power'],
    about: [
      'Stundenwerte; wer nachts nicht absenkt, ist hier zu sehen.',
      'Hourly values; whoever does not turn down at night shows here.',
    ],
    size: [12, 9],
    queries: [curve('thermal_power', 'mean', { where: REGISTERS })],
    unit: unitOf('thermal_power'),
    min: 0,
    interval: '1h',
  }),
  timeSeries({
    id: 23,
    title: ['Wasser, Gas und Heizwasser je Tag', 'Water, gas and heating water per day'],
    about: ['Volumen je Tag und Zähler aus den Zählerständen.', 'Volume per day and meter by the readings.'],
    size: [12, 9],
    queries: [perDayAndMeter('volume')],
    unit: unitOf('volume'),
    decimals: 1,
    min: 0,
    bars: true,
    interval: '1d',
  }),
  timeSeries({
    id: 24,
    title: ['Vor- und Rücklauf', 'Flow and return'],
    about: [
      'Mittlere Temperaturen aller gewählten Wärmezähler; je größer der Abstand, desto besser die Anlage.',
      'Mean temperatures of all chosen heat meters; the wider apart, the better the system.',
    ],
    size: [12, 9],
    queries: [
      series(
        `SELECT mean("value") ${observations('flow_temperature', { where: REGISTERS })} GROUP BY time($__interval) fill(none)`,
        ['Vorlauf', 'flow'],
      ),
      series(
        `SELECT mean("value") ${observations('return_temperature', { where: REGISTERS })} GROUP BY time($__interval) fill(none)`,
        ['Rücklauf', 'return'],
      ),
    ],
    unit: unitOf('flow_temperature'),
    decimals: 1,
    interval: '1h',
  }),
  table({
    id: 25,
    title: ['Stromzähler', 'Electricity meters'],
    about: ['Letzter Zählerstand mit Alter.', 'Newest reading with its age.'],
    size: [24, 9],
    queries: [
      newestOf('active_energy', 'reading', { where: REGISTERS }),
      names(),
      heardOf('active_energy', STALE_HOURS, { where: REGISTERS }),
    ],
    joinBy: 'thing',
    keep: 'reading',
    hidden: ['thing', 'site_name'],
    columns: [
      column('name', words.name, { console: true }),
      column('municipality_name', words.municipality),
      column('reading', ['Zählerstand', 'Reading'], { unit: kwh, decimals: 1 }),
      freshColumn(),
      sinceColumn('measured', words.measuredAt),
    ],
    sortBy: [words.name, false],
  }),
];

const longTerm = [
  timeSeries({
    id: 31,
    title: ['Energie je Woche', 'Energy per week'],
    about: [
      'Bezug, Einspeisung und Wärme aller gewählten Zähler je Woche.',
      'Drawn, fed in and heat of all chosen meters per week.',
    ],
    size: [24, 10],
    queries: [perWeek('active_energy', drawn), perWeek('active_energy_exported', fed), perWeek('heat_energy', heat)],
    unit: kwh,
    decimals: 0,
    min: 0,
    bars: true,
    span: '365d',
    interval: '7d',
  }),
];

export const energy: DashboardSpec = {
  uid: 'plietsch-energy',
  title: ['Energie', 'Energy'],
  about: [
    'Verbrauch, Grundlast und Einspeisung der Liegenschaften; Wärme, Wasser und Gas.',
    'Consumption, base load and feed-in of public buildings; heat, water and gas.',
  ],
  source: 'influxdb',
  from: 'now-14d',
  refresh: '15m',
  variables: (build) => placeVariables(['meter'], build),
  marks: ['deployment'],
  sections: [
    { panels: tiles },
    { id: 10, title: ['Strom', 'Electricity'], panels: electricity },
    { id: 20, title: ['Wärme, Wasser, Gas', 'Heat, water, gas'], panels: heatAndWater },
    { id: 30, title: words.longTerm, panels: longTerm, folded: true },
  ],
};
