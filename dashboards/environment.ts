import type { DashboardSpec } from './assemble.ts';
import { curve, heardOf, hourly, names, newestOf, observations, overNewest, series, TIME_ZONE } from './influxql.ts';
import type { PanelOptions } from './panels/panel.ts';
import { stat } from './panels/stat.ts';
import { column, freshColumn, sinceColumn, table } from './panels/table.ts';
import { timeSeries } from './panels/time-series.ts';
import { type Text, words } from './text.ts';
import { co2Steps, plainSteps, pm10Steps, pm25Steps, type Steps } from './thresholds.ts';
import { propertyOf, unitOf } from './units.ts';
import { placeVariables } from './variables.ts';

const TWO_DAYS_MS = 172_800_000;

/** Days in the local zone, one line per station. */
const dailyMeans = (property: string) =>
  series(`SELECT mean("mean") ${hourly(property)} GROUP BY time(1d), "thing" fill(none) ${TIME_ZONE}`);

interface Tile {
  readonly id: number;
  readonly property: string;
  readonly figure: string;
  readonly title: Text;
  readonly steps?: Steps;
  readonly decimals?: number;
}

const tile = ({ id, property, figure, title, steps = plainSteps, decimals = 0 }: Tile) =>
  stat({
    id,
    title,
    about: [
      `${title[0]} aus den letzten gültigen Werten der gewählten Stationen (${propertyOf(property).name.de}).`,
      `${title[1]} of the newest valid values of the chosen stations (${propertyOf(property).name.en}).`,
    ],
    size: [4, 4],
    queries: [overNewest(`${figure}("value")`, property)],
    unit: unitOf(property),
    decimals,
    steps,
  });

const tiles = [
  tile({ id: 1, property: 'pm2_5', figure: 'max', title: ['Höchster PM2,5-Wert', 'Highest PM2.5'], steps: pm25Steps }),
  tile({ id: 2, property: 'pm10', figure: 'max', title: ['Höchster PM10-Wert', 'Highest PM10'], steps: pm10Steps }),
  tile({ id: 3, property: 'co2', figure: 'max', title: ['Höchster CO₂-Wert', 'Highest CO₂'], steps: co2Steps }),
  tile({
    id: 4,
    property: 'air_temperature',
    figure: 'mean',
    title: ['Mittlere Lufttemperatur', 'Mean air temperature'],
    decimals: 1,
  }),
  tile({ id: 5, property: 'relative_humidity', figure: 'mean', title: ['Mittlere Luftfeuchte', 'Mean humidity'] }),
  stat({
    id: 6,
    title: ['Regen heute', 'Rain today'],
    about: [
      'Höchste Tagessumme einer Wetterstation seit Mitternacht.',
      'Highest sum of the day at a weather station, since midnight.',
    ],
    size: [4, 4],
    queries: [
      series(
        `SELECT max("rain") FROM (SELECT sum("value") AS "rain" ${observations('precipitation')} GROUP BY time(1d), "thing" fill(none) ${TIME_ZONE}) WHERE $timeFilter GROUP BY time(1d) fill(none) ${TIME_ZONE}`,
        ['Regen', 'rain'],
      ),
    ],
    unit: unitOf('precipitation'),
    decimals: 1,
    steps: plainSteps,
  }),
];

interface Chart extends Pick<PanelOptions, 'id' | 'title' | 'about' | 'size' | 'steps' | 'interval'> {
  readonly property: string;
  readonly figure?: string;
  readonly decimals?: number;
}

const chart = ({ property, figure, steps, decimals = 1, interval = '15m', ...rest }: Chart) =>
  timeSeries({
    ...rest,
    queries: [curve(property, figure)],
    unit: unitOf(property),
    decimals,
    interval,
    ...(steps && { steps, limits: true }),
  });

const air = [
  chart({
    id: 11,
    property: 'pm2_5',
    title: ['Feinstaub PM2,5', 'Particulate matter PM2.5'],
    about: [
      'Verlauf je Station. Linien: WHO-Richtwert 15 µg/m³ und EU-Grenzwert ab 2030 25 µg/m³, beide für Tagesmittel.',
      'Course at each station. Lines: WHO guideline 15 µg/m³ and EU limit from 2030 on 25 µg/m³, both for daily means.',
    ],
    size: [12, 9],
    steps: pm25Steps,
  }),
  chart({
    id: 12,
    property: 'pm10',
    title: ['Feinstaub PM10', 'Particulate matter PM10'],
    about: [
      'Verlauf je Station. Linien: WHO-Richtwert und EU-Grenzwert ab 2030 45 µg/m³, heutiger EU-Grenzwert 50 µg/m³, alle für Tagesmittel.',
      "Course at each station. Lines: WHO guideline and EU limit from 2030 on 45 µg/m³, today's EU limit 50 µg/m³, all for daily means.",
    ],
    size: [12, 9],
    steps: pm10Steps,
  }),
  timeSeries({
    id: 13,
    title: ['PM2,5 im Tagesmittel', 'Daily means of PM2.5'],
    about: [
      'Was mit Richt- und Grenzwert zu vergleichen ist: das Mittel eines Kalendertages.',
      'What is to be compared with guideline and limit: the mean of a calendar day.',
    ],
    size: [12, 9],
    queries: [dailyMeans('pm2_5')],
    unit: unitOf('pm2_5'),
    decimals: 1,
    min: 0,
    steps: pm25Steps,
    limits: true,
    bars: true,
    interval: '1d',
  }),
  chart({
    id: 14,
    property: 'co2',
    title: ['CO₂ in Räumen', 'CO₂ indoors'],
    about: [
      'Kohlendioxid in Klassenräumen: ab 1.000 ppm lüften, ab 2.000 ppm ist die Luft hygienisch inakzeptabel (Umweltbundesamt).',
      'Carbon dioxide in class rooms: open the windows from 1,000 ppm, from 2,000 ppm on the air is unacceptable (German Environment Agency).',
    ],
    size: [12, 9],
    steps: co2Steps,
    decimals: 0,
  }),
  chart({
    id: 15,
    property: 'indoor_temperature',
    title: ['Raumtemperatur', 'Indoor temperature'],
    about: ['Temperatur in den überwachten Räumen.', 'Temperature in the rooms that are watched.'],
    size: [12, 8],
  }),
  table({
    id: 16,
    title: ['Luftmessstationen', 'Air stations'],
    about: ['Letzter PM2,5-Wert je Station mit Alter.', 'Newest PM2.5 of each station with its age.'],
    size: [12, 8],
    queries: [newestOf('pm2_5', 'pm2_5'), names(), heardOf('pm2_5')],
    joinBy: 'thing',
    keep: 'pm2_5',
    hidden: ['thing', 'site_name'],
    columns: [
      column('name', words.name, { console: true }),
      column('municipality_name', words.municipality),
      column('pm2_5', ['PM2,5', 'PM2.5'], { unit: unitOf('pm2_5'), decimals: 1, steps: pm25Steps, cell: 'coloured' }),
      freshColumn(),
      sinceColumn('measured', words.measuredAt),
    ],
    sortBy: [['PM2,5', 'PM2.5'], true],
  }),
];

const weather = [
  chart({
    id: 21,
    property: 'air_temperature',
    title: ['Lufttemperatur', 'Air temperature'],
    about: ['Verlauf je Station.', 'Course at each station.'],
    size: [12, 9],
  }),
  timeSeries({
    id: 22,
    title: ['Niederschlag je Stunde', 'Rain per hour'],
    about: ['Summe je Stunde und Wetterstation.', 'Sum per hour and weather station.'],
    size: [12, 9],
    queries: [series(`SELECT sum("value") ${observations('precipitation')} GROUP BY time(1h), "thing" fill(none)`)],
    unit: unitOf('precipitation'),
    decimals: 1,
    min: 0,
    bars: true,
    interval: '1h',
  }),
  chart({
    id: 23,
    property: 'wind_gust',
    figure: 'max',
    title: ['Böen', 'Gusts'],
    about: [
      'Stärkste Böe: ab 17,2 m/s stürmisch (8 Bft), ab 24,5 m/s schwerer Sturm (10 Bft).',
      'Strongest gust: gale from 17.2 m/s (8 Bft), storm from 24.5 m/s (10 Bft).',
    ],
    size: [8, 9],
    steps: [
      [17.2, 'yellow'],
      [24.5, 'red'],
    ],
    interval: '1h',
  }),
  chart({
    id: 24,
    property: 'relative_humidity',
    title: ['Luftfeuchte', 'Humidity'],
    about: ['Relative Luftfeuchte je Station.', 'Relative humidity at each station.'],
    size: [8, 9],
    decimals: 0,
    interval: '1h',
  }),
  chart({
    id: 25,
    property: 'solar_radiation',
    title: ['Globalstrahlung', 'Solar radiation'],
    about: ['Strahlung der Sonne auf die Ebene.', 'Radiation of the sun on the horizontal.'],
    size: [8, 9],
    decimals: 0,
    interval: '1h',
  }),
];

const soil = [
  chart({
    id: 31,
    property: 'soil_moisture',
    title: ['Bodenfeuchte', 'Soil moisture'],
    about: [
      'Wassergehalt des Bodens; unter 15 % brauchen Bäume Wasser.',
      'Water content of the soil; below 15 % trees need water.',
    ],
    size: [12, 9],
    interval: '1h',
  }),
  chart({
    id: 32,
    property: 'soil_temperature',
    title: ['Bodentemperatur', 'Soil temperature'],
    about: [
      'Temperatur im Boden; unter 0 °C droht Glätte auf Wegen.',
      'Temperature in the soil; below 0 °C paths may freeze.',
    ],
    size: [12, 9],
    interval: '1h',
  }),
];

const year = (id: number, property: string, title: Text, steps?: Steps) =>
  timeSeries({
    id,
    title,
    about: ['Tagesmittel der Stundenwerte je Station.', 'Daily means of the hourly figures of each station.'],
    size: [12, 9],
    queries: [dailyMeans(property)],
    unit: unitOf(property),
    decimals: 1,
    span: '365d',
    interval: '1d',
    bridgeMs: TWO_DAYS_MS,
    ...(steps && { steps, limits: true }),
  });

const longTerm = [
  year(41, 'pm2_5', ['PM2,5 über das Jahr', 'PM2.5 over the year'], pm25Steps),
  year(42, 'air_temperature', ['Lufttemperatur über das Jahr', 'Air temperature over the year']),
];

export const environment: DashboardSpec = {
  uid: 'plietsch-environment',
  title: ['Umwelt', 'Environment'],
  about: ['Luft draußen und drinnen, Wetter und Boden.', 'Air outdoors and indoors, weather and soil.'],
  source: 'influxdb',
  from: 'now-3d',
  refresh: '5m',
  variables: (build) => placeVariables(['air_station', 'weather_station'], build),
  marks: ['deployment'],
  sections: [
    { panels: tiles },
    { id: 10, title: ['Luft', 'Air'], panels: air },
    { id: 20, title: ['Wetter', 'Weather'], panels: weather },
    { id: 30, title: ['Boden', 'Soil'], panels: soil, folded: true },
    { id: 40, title: words.longTerm, panels: longTerm, folded: true },
  ],
};
