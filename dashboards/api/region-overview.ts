import type { DashboardSpec } from '../assemble.ts';
import { latest, list } from '../infinity.ts';
import { ageColumn, column, sinceColumn, table } from '../panels/table.ts';
import { words } from '../text.ts';
import { co2Steps, noneSteps, plainSteps, pm25Steps, surgeSteps } from '../thresholds.ts';
import { tile } from './panels.ts';

const tiles = [
  tile({
    id: 1,
    title: ['Behälter ab 80 %', 'Containers from 80 %'],
    about: [
      'Wertstoffbehälter, die in die nächste Tour gehören.',
      'Recycling containers that belong in the next tour.',
    ],
    property: 'fill_level',
    reduce: 'count',
    from: 80,
    steps: [[1, 'orange']],
    more: 'plietsch-api-waste',
  }),
  tile({
    id: 2,
    title: ['Höchster Wasserstand', 'Highest water level'],
    about: [
      'Höchster letzter Wasserstand über NHN; ab 1,00 m ist Sturmflut.',
      'Highest newest level above datum; from 1.00 m on it is a storm surge.',
    ],
    property: 'water_level',
    reduce: 'max',
    steps: surgeSteps,
    decimals: 2,
    more: 'plietsch-api-coast',
  }),
  tile({
    id: 3,
    title: ['Freie Stellplätze', 'Free bays'],
    about: ['Stellplätze, deren letzte Meldung „frei“ ist.', 'Bays whose newest report says that they are free.'],
    property: 'occupied',
    reduce: 'count',
    upTo: 0,
    steps: plainSteps,
  }),
  tile({
    id: 4,
    title: ['Höchster PM2,5-Wert', 'Highest PM2.5'],
    about: ['Höchster letzter Feinstaubwert.', 'Highest newest particulate matter.'],
    property: 'pm2_5',
    reduce: 'max',
    steps: pm25Steps,
  }),
  tile({
    id: 5,
    title: ['Höchster CO₂-Wert in Räumen', 'Highest CO₂ indoors'],
    about: ['Ab 1.000 ppm lüften.', 'Open the windows from 1,000 ppm on.'],
    property: 'co2',
    reduce: 'max',
    steps: co2Steps,
  }),
  tile({
    id: 6,
    title: ['Lufttemperatur', 'Air temperature'],
    about: ['Mittel der letzten Werte aller Stationen.', 'Mean of the newest values of all stations.'],
    property: 'air_temperature',
    reduce: 'mean',
    steps: plainSteps,
    decimals: 1,
  }),
];

/** Use cases of the region, of which each has a table of its newest values. */
const useCases = [
  [11, 'traffic', ['Verkehr', 'Traffic']],
  [12, 'weather', ['Wetter', 'Weather']],
  [13, 'energy', ['Energie', 'Energy']],
  [14, 'environment', ['Luft', 'Air']],
] as const;

const values = useCases.map(([id, useCase, title]) =>
  table({
    id,
    title,
    about: [
      `Letzte Werte: ${title[0]}; höchstens 1.000 Datenreihen. Die Einheit steht als UCUM-Code daneben.`,
      `Newest values: ${title[1]}; 1,000 datastreams at most. The unit stands beside as UCUM code.`,
    ],
    size: [12, 10],
    queries: [latest(`useCase=${useCase}`)],
    hidden: ['site', 'municipality', 'quality'],
    columns: [
      column('name', words.name, { console: true }),
      column('property', ['Größe', 'Quantity']),
      column('value', ['Wert', 'Value'], { decimals: 1 }),
      column('unit', ['Einheit', 'Unit'], { width: 80 }),
      ageColumn(),
      sinceColumn('measured', words.measuredAt),
    ],
  }),
);

const operation = [
  table({
    id: 21,
    title: ['Bücher je Netz', 'Books per network'],
    about: [
      'Was aus allen Nachrichten eines Tages wurde, je Netz; braucht ein Token mit der Rolle operator.',
      'What became of all messages of a day, per network; needs a token of the role operator.',
    ],
    size: [14, 9],
    queries: [
      list('books?', [
        ['day', 'day', 'string'],
        ['network', 'network', 'string'],
        ['received', 'received', 'number'],
        ['duplicates', 'duplicates', 'number'],
        ['decoded', 'decoded', 'number'],
        ['unknownDevice', 'unknown', 'number'],
        ['deadLetter', 'dead', 'number'],
      ]),
    ],
    columns: [
      column('day', ['Tag', 'Day']),
      column('network', ['Netz', 'Network']),
      column('received', ['empfangen', 'received'], { unit: 'locale' }),
      column('duplicates', ['doppelt', 'duplicates'], { unit: 'locale' }),
      column('decoded', ['verarbeitet', 'decoded'], { unit: 'locale' }),
      column('unknown', ['unbekanntes Gerät', 'unknown device'], { unit: 'locale' }),
      column('dead', ['unzustellbar', 'dead letters'], { unit: 'locale', steps: noneSteps, cell: 'coloured' }),
    ],
  }),
  table({
    id: 22,
    title: ['Unbekannte Geräte', 'Unknown devices'],
    about: [
      'Geräte, die der Hub hört, aber nicht kennt: in der Konsole aufnehmen; braucht ein Token mit der Rolle operator.',
      'Devices that the hub hears but does not know: adopt them; needs a token of the role operator.',
    ],
    size: [10, 9],
    queries: [
      list('unknown-devices?', [
        ['devEui', 'device', 'string'],
        ['network', 'network', 'string'],
        ['uplinks', 'uplinks', 'number'],
        ['lastSeen', 'seen', 'timestamp'],
      ]),
    ],
    noValue: ['keine', 'none'],
    columns: [
      column('device', words.device),
      column('network', ['Netz', 'Network']),
      column('uplinks', ['Nachrichten', 'messages']),
      sinceColumn('seen', ['zuletzt', 'last seen']),
    ],
  }),
];

export const apiRegionOverview: DashboardSpec = {
  uid: 'plietsch-api-region',
  title: ['Region (ohne InfluxDB)', 'Region overview (without InfluxDB)'],
  about: [
    'Die ganze Region über die Schnittstelle des Hubs, für einen Versuch ohne InfluxDB.',
    "The whole region through the hub's API, for a pilot without InfluxDB.",
  ],
  source: 'api',
  from: 'now-24h',
  refresh: '1m',
  sections: [
    { panels: tiles },
    { id: 10, title: ['Letzte Werte', 'Newest values'], panels: values },
    { id: 20, title: ['Betrieb', 'Operation'], panels: operation },
  ],
};
