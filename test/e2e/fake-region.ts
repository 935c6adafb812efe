import { observedProperties } from '../../model/observed-properties.ts';
import { units } from '../../model/units.ts';
import { surgeClassOf } from '../../usecases/coast/surge.ts';

/** A canned region in the API's own shapes, always the same but for the time it is asked at. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const municipalities = ['Laboe', 'Heikendorf', 'Mönkeberg', 'Schönkirchen', 'Schönberg (Holstein)', 'Wendtorf'];
const places = ['Hafen', 'Ehrenmal', 'Schule', 'Oberdorf', 'Rathaus', 'Markt', 'Feuerwehr'];
const fractions = ['Weißglas', 'Grünglas', 'Papier'];

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' })[letter] ?? letter)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

interface Spot {
  readonly useCase: string;
  readonly kind: string;
  readonly name: string;
  readonly place: string;
  readonly municipality: string;
}

interface Series {
  readonly property: string;
  readonly channel?: string;
  readonly value: number | null;
  readonly ageMs: number;
  readonly quality?: string;
  readonly failedTests?: readonly string[];
  readonly delayMinutes?: number;
}

const entry = ({ useCase, kind, name, place, municipality }: Spot, series: Series, now: number) => {
  const { property, channel, value, ageMs, quality = 'pass', failedTests = [] } = series;
  const marked = (text: string) => ({ id: slug(`${municipality} ${text}`), name: `${text} (simuliert)` });
  const thing = { ...marked(name), kind, simulated: true };
  return {
    datastream: [thing.id, property, ...(channel === undefined ? [] : [channel])].join('.'),
    property,
    ...(channel !== undefined && { channel }),
    unit: observedProperties.get(property)?.unit ?? '1',
    value,
    flag: { pass: 1, notEvaluated: 2, suspect: 3, fail: 4, missing: 9 }[quality] ?? 2,
    quality,
    failedTests,
    phenomenonTime: new Date(now - ageMs).toISOString(),
    ageS: Math.round(ageMs / 1000),
    useCase,
    thing,
    site: marked(place),
    municipality: { id: slug(municipality), name: municipality },
    delayMinutes: series.delayMinutes ?? 0,
    reportingIntervalS: { waste: 3600, traffic: 900, parking: 4 * 3600 }[useCase] ?? 600,
  };
};

export type FakeValue = ReturnType<typeof entry>;

const judgedFill = (index: number): Partial<Series> => {
  if (index === 7) return { quality: 'fail', failedTests: ['grossRange'], value: 140 };
  if (index === 9) return { quality: 'suspect', failedTests: ['spike', 'rateOfChange'] };
  if (index === 30) return { quality: 'missing', failedTests: ['sentinel'], value: null };
  return {};
};

const wasteAt = (now: number): FakeValue[] =>
  municipalities
    .flatMap((municipality) =>
      places.flatMap((place) => fractions.map((fraction) => ({ municipality, place, fraction }))),
    )
    .map(({ municipality, place, fraction }, i) => {
      const spot = { useCase: 'waste', kind: 'container_slot', municipality };
      const value = Math.round((10 * ((i * 37) % 971)) / 9.71) / 10;
      const ageMs = i === 5 ? 9 * HOUR : ((i * 7) % 58) * MINUTE;
      return entry(
        { ...spot, name: `${fraction} ${place}`, place: `Containerinsel ${place}` },
        { property: 'fill_level', value, ageMs, ...judgedFill(i) },
        now,
      );
    });

const coastAt = (now: number): FakeValue[] =>
  municipalities.map((municipality, i) => {
    const name = `Pegel Hafen ${municipality}`;
    const spot = { useCase: 'coast', kind: 'gauge', name, place: name, municipality };
    return entry(spot, { property: 'water_level', value: 0.42 - i * 0.11, ageMs: (i + 1) * MINUTE }, now);
  });

const trafficAt = (now: number): FakeValue[] =>
  municipalities.flatMap((municipality, i) => {
    const name = `Querschnitt L 30 ${municipality}`;
    const spot = { useCase: 'traffic', kind: 'road_cross_section', name, place: `L 30 ${municipality}`, municipality };
    return ['all-ltr', 'all-rtl', 'cat1-ltr', 'cat1-rtl'].map((channel, k) =>
      entry(
        spot,
        { property: 'vehicle_count', channel, value: 120 - 30 * k + i, ageMs: 66 * MINUTE, delayMinutes: 60 },
        now,
      ),
    );
  });

const weatherAt = (now: number): FakeValue[] => {
  const values = {
    air_temperature: 12.4,
    wind_speed: 6.2,
    wind_gust: 9.8,
    wind_direction: 245,
    precipitation: 0.2,
    relative_humidity: 81,
    air_pressure: 1013.2,
    solar_radiation: 214,
    vapor_pressure: 1.17,
  };
  return municipalities.slice(0, 4).flatMap((municipality, i) => {
    const name = `Wetterstation ${municipality}`;
    const spot = { useCase: 'weather', kind: 'weather_station', name, place: name, municipality };
    return Object.entries(values).map(([property, value]) =>
      entry(spot, { property, value: value + i / 10, ageMs: (2 + i) * MINUTE, quality: 'notEvaluated' }, now),
    );
  });
};

const BAYS = 5;

const parkingAt = (now: number): FakeValue[] =>
  municipalities.slice(0, 3).flatMap((municipality, i) => {
    const place = `Parkplatz Hafen ${municipality}`;
    return Array.from({ length: BAYS }, (_, k) => {
      const spot = { useCase: 'parking', kind: 'parking_bay', name: `${place}, Platz ${k + 1}`, place, municipality };
      const ageMs = (k * 37 + 4) * MINUTE;
      return entry(spot, { property: 'occupied', value: k < i * 2 ? 1 : 0, ageMs }, now);
    });
  });

/** As an operator sees it: meters are private. */
const energyAt = (now: number): FakeValue[] => {
  const spot = { useCase: 'energy', kind: 'meter', name: 'Wasser Schule', place: 'Schule', municipality: 'Laboe' };
  const of = (property: string, value: number, channel?: string) =>
    entry(spot, { property, value, ageMs: 40 * MINUTE, ...(channel !== undefined && { channel }) }, now);
  return [
    of('volume', 3184.3),
    of('water_leak', 1, 'continuous-flow'),
    of('water_leak', 0, 'broken-pipe'),
    of('threshold_alarm', 0, 'backflow'),
    of('threshold_alarm', 0, 'no-usage'),
  ];
};

const airAt = (now: number): FakeValue[] => {
  const outside = { air_pressure: 1013.2, relative_humidity: 81, air_temperature: 12.4, pm10: 14.1, pm2_5: 8.25 };
  const inside = { indoor_humidity: 44, indoor_temperature: 21.3, co2: 1240 };
  const station = (name: string, values: Readonly<Record<string, number>>) =>
    Object.entries(values).map(([property, value]) => {
      const spot = { useCase: 'environment', kind: 'air_station', name, place: name, municipality: 'Laboe' };
      return entry(spot, { property, value, ageMs: 5 * MINUTE }, now);
    });
  return [...station('Luft Oberdorf', outside), ...station('Raumluft Schule', inside)];
};

export const regionAt = (now: number): FakeValue[] => [
  ...wasteAt(now),
  ...coastAt(now),
  ...trafficAt(now),
  ...weatherAt(now),
  ...parkingAt(now),
  ...energyAt(now),
  ...airAt(now),
];

const eventAt = ({ datastream, unit, thing, useCase }: FakeValue, time: number) => {
  return { time: new Date(time).toISOString(), unit, thing: thing.id, datastream, useCase, simulated: true };
};

/** Emptyings every 45 minutes, the newest an hour ago; a storm at each gauge, the last of which still blows. */
export const eventsAt = (values: readonly FakeValue[], now: number) => {
  const slots = values.filter(({ property }) => property === 'fill_level').slice(0, 40);
  const gauges = values.filter(({ property }) => property === 'water_level');
  return [
    ...slots.map((slot, i) => {
      const before = 95 - i;
      const label = i === 1 ? 'emptied_partly' : 'emptied';
      const detail = { before, after: 2, confidence: 0.8 };
      return { ...eventAt(slot, now - HOUR - i * 45 * MINUTE), kind: 'emptying', label, value: before, detail };
    }),
    ...gauges.map((gauge, i) => {
      const value = 1.1 + i / 5;
      const begin = now - (6 + 50 * i) * HOUR;
      const until = new Date(i === 0 ? now : begin + 9 * HOUR).toISOString();
      const detail = { aboveMeanWaterM: value, meanWaterM: 0, highestAt: until };
      return { ...eventAt(gauge, begin), until, kind: 'surge', label: surgeClassOf(value), value, detail };
    }),
  ];
};

export type FakeEvent = ReturnType<typeof eventsAt>[number];

/** A day in steps of ten minutes with a hole of three hours in it. */
export const dayOf = ({ value, quality }: FakeValue, now: number) => {
  const middle = value ?? 50;
  const swing = Math.max(0.3, Math.abs(middle) * 0.2);
  return Array.from({ length: 144 }, (_, i) => i)
    .filter((i) => i < 60 || i > 78)
    .map((i) => ({
      phenomenonTime: new Date(now - (144 - i) * 10 * MINUTE).toISOString(),
      value: Math.round(1000 * (middle + swing * (Math.sin((i - 143) / 18) + 0.02 * (((143 - i) * 31) % 7)))) / 1000,
      flag: 1,
      quality: quality === 'fail' ? 'pass' : quality,
      failedTests: [],
      receivedAt: new Date(now - (144 - i) * 10 * MINUTE).toISOString(),
    }));
};

export const propertyList = [...observedProperties.values()].map(({ id, name, unit, codes }) => ({
  id,
  name,
  unit,
  symbol: units[unit].symbol,
  ...(codes && { codes }),
}));
