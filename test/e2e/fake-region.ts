import { observedProperties } from '../../model/observed-properties.ts';
import { units } from '../../model/units.ts';

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
    reportingIntervalS: { waste: 3600, traffic: 900 }[useCase] ?? 600,
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

export const regionAt = (now: number): FakeValue[] => [
  ...wasteAt(now),
  ...coastAt(now),
  ...trafficAt(now),
  ...weatherAt(now),
];

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
