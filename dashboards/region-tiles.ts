import { DEVICES } from './device-panels.ts';
import { observations, overNewest, series, TIME_ZONE } from './influxql.ts';
import { yesNo } from './mappings.ts';
import { gauge } from './metrics.ts';
import type { PanelBrick } from './panels/panel.ts';
import { stat } from './panels/stat.ts';
import type { Text } from './text.ts';
import { BATTERY_LOW, noneSteps, plainSteps, pm25Steps, readySteps, type Steps, surgeSteps } from './thresholds.ts';
import { unitOf } from './units.ts';

interface Tile {
  readonly id: number;
  readonly title: Text;
  readonly about: Text;
  readonly more: string;
  readonly property: string;
  readonly figure: string;
  readonly filter?: string;
  readonly where?: string;
  readonly things?: string;
  readonly counted?: boolean;
  readonly steps?: Steps;
  readonly decimals?: number;
}

const tile = ({
  property,
  figure,
  filter,
  where,
  things,
  counted = false,
  steps = plainSteps,
  decimals = 0,
  ...rest
}: Tile): PanelBrick =>
  stat({
    ...rest,
    size: [4, 5],
    queries: [
      overNewest(figure, property, {
        ...(filter !== undefined && { filter }),
        ...(where !== undefined && { where }),
        ...(things !== undefined && { things }),
      }),
    ],
    unit: counted ? 'none' : unitOf(property),
    decimals,
    steps,
    ...(counted && { noValue: ['0', '0'] as const }),
  });

/** Of counters that tell classes apart, only the sum. */
export const ALL_VEHICLES = '"datastream" !~ /[.]cat[0-9]/';

/** The region on twelve tiles; each leads to the dashboard that tells more. */
export const regionTiles: readonly PanelBrick[] = [
  tile({
    id: 1,
    title: ['Behälter ab 80 %', 'Containers from 80 %'],
    about: [
      'Wertstoffbehälter, die in die nächste Tour gehören.',
      'Recycling containers that belong in the next tour.',
    ],
    more: 'plietsch-waste',
    property: 'fill_level',
    figure: 'count("value")',
    filter: '"value" >= 80',
    counted: true,
    steps: [
      [1, 'yellow'],
      [10, 'orange'],
    ],
  }),
  tile({
    id: 2,
    title: ['Höchster Wasserstand', 'Highest water level'],
    about: [
      'Höchster letzter Wasserstand über NHN; ab 1,00 m ist Sturmflut.',
      'Highest newest level above datum; from 1.00 m on it is a storm surge.',
    ],
    more: 'plietsch-coast',
    property: 'water_level',
    figure: 'max("value")',
    steps: surgeSteps,
    decimals: 2,
  }),
  stat({
    id: 3,
    title: ['Fahrzeuge heute', 'Vehicles today'],
    about: ['Summe aller gewählten Querschnitte seit Mitternacht.', 'Sum of all chosen cross-sections since midnight.'],
    size: [4, 5],
    queries: [
      series(
        `SELECT sum("value") ${observations('vehicle_count', { where: ALL_VEHICLES })} GROUP BY time(1d) fill(none) ${TIME_ZONE}`,
        ['Fahrzeuge', 'vehicles'],
      ),
    ],
    unit: 'locale',
    steps: plainSteps,
    more: 'plietsch-traffic',
  }),
  tile({
    id: 4,
    title: ['Freie Stellplätze', 'Free bays'],
    about: ['Stellplätze, deren letzte Meldung „frei“ ist.', 'Bays whose newest report says that they are free.'],
    more: 'plietsch-parking',
    property: 'occupied',
    figure: 'count("value")',
    filter: '"value" = 0',
    counted: true,
  }),
  tile({
    id: 5,
    title: ['Leistung der Liegenschaften', 'Power of public buildings'],
    about: ['Was die Stromzähler gerade beziehen.', 'What the electricity meters draw at the moment.'],
    more: 'plietsch-energy',
    property: 'active_power',
    figure: 'sum("value")',
    filter: '"value" > 0',
    where: '"datastream" !~ /[.](l[123]|average)$/',
    decimals: 1,
  }),
  tile({
    id: 6,
    title: ['Höchster PM2,5-Wert', 'Highest PM2.5'],
    about: [
      'Höchster letzter Feinstaubwert; WHO-Richtwert für Tagesmittel 15 µg/m³.',
      'Highest newest particulate matter; WHO guideline for daily means 15 µg/m³.',
    ],
    more: 'plietsch-environment',
    property: 'pm2_5',
    figure: 'max("value")',
    steps: pm25Steps,
  }),
  tile({
    id: 7,
    title: ['Lufttemperatur', 'Air temperature'],
    about: ['Mittel der letzten Werte aller gewählten Stationen.', 'Mean of the newest values of all chosen stations.'],
    more: 'plietsch-environment',
    property: 'air_temperature',
    figure: 'mean("value")',
    decimals: 1,
  }),
  tile({
    id: 8,
    title: ['Stärkste Böe', 'Strongest gust'],
    about: ['Stärkste letzte Böe der Wetterstationen.', 'Strongest newest gust of the weather stations.'],
    more: 'plietsch-environment',
    property: 'wind_gust',
    figure: 'max("value")',
    steps: [
      [17.2, 'yellow'],
      [24.5, 'red'],
    ],
    decimals: 1,
  }),
  tile({
    id: 9,
    title: ['Höchster CO₂-Wert in Räumen', 'Highest CO₂ indoors'],
    about: ['Ab 1.000 ppm lüften.', 'Open the windows from 1,000 ppm on.'],
    more: 'plietsch-environment',
    property: 'co2',
    figure: 'max("value")',
    steps: [
      [1_000, 'yellow'],
      [2_000, 'red'],
    ],
  }),
  tile({
    id: 10,
    title: ['Wasserverluste', 'Water leaks'],
    about: [
      'Wasserzähler, die Dauerfluss oder Rohrbruch melden.',
      'Water meters that report continuous flow or a broken pipe.',
    ],
    more: 'plietsch-energy',
    property: 'water_leak',
    figure: 'count("value")',
    filter: '"value" = 1',
    counted: true,
    steps: noneSteps,
  }),
  tile({
    id: 11,
    title: ['Batterien unter 10 %', 'Batteries below 10 %'],
    about: [
      'Geräte der ganzen Region, deren Batterie bald leer ist.',
      'Devices of the whole region whose battery is soon empty.',
    ],
    more: 'plietsch-network',
    property: 'battery_level',
    figure: 'count("value")',
    filter: `"value" < ${BATTERY_LOW}`,
    things: DEVICES,
    counted: true,
    steps: noneSteps,
  }),
  stat({
    id: 12,
    title: ['Hub', 'Hub'],
    about: ['Bereit, wenn jeder Teil des Hubs bereit ist.', 'Ready where each part of the hub is.'],
    size: [4, 5],
    queries: [gauge('part_ready', { alias: ['bereit', 'ready'] }, 'min')],
    unit: 'none',
    steps: readySteps,
    mappings: yesNo(['bereit', 'ready'], ['nicht bereit', 'not ready']),
    more: 'plietsch-hub',
  }),
];
