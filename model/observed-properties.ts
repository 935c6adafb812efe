import type { UnitCode } from './units.ts';

/** Quality tests in the sense of the IOOS QARTOD manuals, per observed property. Absent: the test is not evaluated. */
export interface QualityLimits {
  /** Gross range: what the sensor or nature can produce at all; outside is flag 4 (fail). */
  readonly gross: readonly [min: number, max: number];
  /** What is usual in this region; outside is flag 3 (suspect). */
  readonly usual?: readonly [min: number, max: number];
  /** Deviation from the line between both neighbours, in the property's unit. */
  readonly spike?: { readonly suspect: number; readonly fail: number };
  /** Largest believable change per hour, in the property's unit; faster is suspect. */
  readonly ratePerHour?: number;
  /** Unchanged within `tolerance` for longer than `suspectS`/`failS` seconds. */
  readonly flatLine?: { readonly tolerance: number; readonly suspectS: number; readonly failS: number };
}

export interface ObservedProperty {
  /** snake_case id. */
  readonly id: string;
  readonly name: { readonly de: string; readonly en: string };
  /** UCUM code; counts are `{count}`, states and truth `1`. */
  readonly unit: UnitCode;
  /** Where the quantity is defined. */
  readonly definition: string;
  readonly quality: QualityLimits;
  /** How many values one interval holds when aggregated: counts add up, levels average. */
  readonly aggregation: 'mean' | 'sum' | 'last';
  /** Meaning of the values of a state. */
  readonly codes?: Readonly<Record<number, { readonly de: string; readonly en: string }>>;
  /** Health of a device, not a quantity of the region. */
  readonly health?: boolean;
}

type Details = Partial<Pick<ObservedProperty, 'aggregation' | 'codes' | 'health'>> & Omit<QualityLimits, 'gross'>;

const property = (
  id: string,
  [de, en]: readonly [string, string],
  unit: UnitCode,
  gross: readonly [number, number],
  definition: string,
  { aggregation = 'mean', codes, health, ...quality }: Details = {},
): ObservedProperty => ({
  id,
  name: { de, en },
  unit,
  definition,
  quality: { gross, ...quality },
  aggregation,
  ...(codes && { codes }),
  ...(health && { health }),
});

/** NERC vocabulary P07, CF standard names. */
const cf = (name: string) => `http://vocab.nerc.ac.uk/standard_name/${name}/`;
/** QUDT quantity kinds. */
const qudt = (name: string) => `http://qudt.org/vocab/quantitykind/${name}`;
/** Quantities without a published URI are defined by this hub. */
const own = (name: string) => `https://plietsch.org/def/property/${name}`;

const truth = { 0: { de: 'nein', en: 'no' }, 1: { de: 'ja', en: 'yes' } } as const;

const list: readonly ObservedProperty[] = [
  // waste
  property('distance', ['Abstand zur Oberfläche', 'Distance to surface'], 'mm', [0, 30_000], qudt('Distance')),
  property('fill_level', ['Füllstand', 'Fill level'], '%', [-5, 110], own('fill_level'), { usual: [0, 100] }),
  property('tilt', ['Gekippt', 'Tilted'], '1', [0, 1], own('tilt'), { aggregation: 'last', codes: truth }),
  property(
    'container_temperature',
    ['Temperatur im Behälter', 'Container temperature'],
    'Cel',
    [-40, 120],
    qudt('Temperature'),
    {
      usual: [-25, 60],
    },
  ),

  property('threshold_alarm', ['Schwellwert überschritten', 'Threshold crossed'], '1', [0, 1], own('threshold_alarm'), {
    aggregation: 'last',
    codes: truth,
  }),

  // traffic
  property('vehicle_count', ['Fahrzeuge', 'Vehicles'], '{count}', [0, 65_535], own('vehicle_count'), {
    aggregation: 'sum',
    usual: [0, 3_000],
  }),
  property('vehicle_speed', ['Geschwindigkeit', 'Vehicle speed'], 'km/h', [0, 255], qudt('Speed'), { usual: [0, 200] }),

  // coast
  property(
    'water_level',
    ['Wasserstand', 'Water level'],
    'm',
    [-10, 20],
    cf('water_surface_height_above_reference_datum'),
    {
      usual: [-2.5, 3.5],
      spike: { suspect: 0.25, fail: 0.6 },
      ratePerHour: 1.2,
      flatLine: { tolerance: 0.0005, suspectS: 6 * 3600, failS: 24 * 3600 },
    },
  ),

  // weather
  property('air_temperature', ['Lufttemperatur', 'Air temperature'], 'Cel', [-50, 60], cf('air_temperature'), {
    usual: [-25, 42],
    spike: { suspect: 4, fail: 10 },
    ratePerHour: 12,
    flatLine: { tolerance: 0.01, suspectS: 12 * 3600, failS: 48 * 3600 },
  }),
  property('relative_humidity', ['Relative Luftfeuchte', 'Relative humidity'], '%', [0, 105], cf('relative_humidity'), {
    usual: [5, 100],
  }),
  property('air_pressure', ['Luftdruck', 'Air pressure'], 'hPa', [500, 1100], cf('air_pressure'), {
    usual: [930, 1065],
    spike: { suspect: 3, fail: 10 },
    ratePerHour: 8,
  }),
  property(
    'vapor_pressure',
    ['Dampfdruck', 'Vapour pressure'],
    'kPa',
    [0, 47],
    cf('water_vapor_partial_pressure_in_air'),
  ),
  property(
    'solar_radiation',
    ['Globalstrahlung', 'Solar radiation'],
    'W/m2',
    [0, 2000],
    cf('surface_downwelling_shortwave_flux_in_air'),
    {
      usual: [0, 1400],
    },
  ),
  property(
    'precipitation',
    ['Niederschlag', 'Precipitation'],
    'mm',
    [0, 400],
    cf('lwe_thickness_of_precipitation_amount'),
    {
      aggregation: 'sum',
      usual: [0, 60],
    },
  ),
  property('wind_speed', ['Windgeschwindigkeit', 'Wind speed'], 'm/s', [0, 75], cf('wind_speed'), { usual: [0, 45] }),
  property('wind_gust', ['Böe', 'Wind gust'], 'm/s', [0, 100], cf('wind_speed_of_gust'), { usual: [0, 60] }),
  property('wind_direction', ['Windrichtung', 'Wind direction'], 'deg', [0, 360], cf('wind_from_direction'), {
    aggregation: 'last',
  }),
  property('north_wind_speed', ['Wind, Nordkomponente', 'North wind speed'], 'm/s', [-75, 75], cf('northward_wind')),
  property('east_wind_speed', ['Wind, Ostkomponente', 'East wind speed'], 'm/s', [-75, 75], cf('eastward_wind')),
  property(
    'lightning_strike_count',
    ['Blitze', 'Lightning strikes'],
    '{count}',
    [0, 65_535],
    own('lightning_strike_count'),
    {
      aggregation: 'sum',
    },
  ),
  property('lightning_distance', ['Blitzentfernung', 'Lightning distance'], 'km', [0, 100], own('lightning_distance')),

  // device health
  property('battery_level', ['Batterie', 'Battery level'], '%', [0, 100], own('battery_level'), {
    health: true,
    aggregation: 'last',
  }),
  property('battery_voltage', ['Batteriespannung', 'Battery voltage'], 'V', [0, 30], qudt('Voltage'), { health: true }),
  property('device_temperature', ['Gerätetemperatur', 'Device temperature'], 'Cel', [-60, 120], qudt('Temperature'), {
    health: true,
  }),
  property('link_margin', ['Empfangsreserve', 'Link margin'], 'dB', [-32, 31], own('link_margin'), {
    health: true,
    aggregation: 'last',
  }),
  property('external_power', ['Netzversorgung', 'External power'], '1', [0, 1], own('external_power'), {
    health: true,
    aggregation: 'last',
    codes: truth,
  }),
  property('joined', ['Beitritt', 'Joined'], '1', [0, 1], own('joined'), {
    health: true,
    aggregation: 'sum',
    codes: truth,
  }),
  property('device_inclination', ['Neigung des Geräts', 'Device inclination'], 'deg', [-180, 360], qudt('Angle'), {
    health: true,
  }),
  property(
    'message_count',
    ['Gesendete Nachrichten', 'Messages sent'],
    '{count}',
    [0, 4_294_967_295],
    own('message_count'),
    {
      health: true,
      aggregation: 'last',
    },
  ),
  property('tamper', ['Unerwartet bewegt', 'Moved unexpectedly'], '1', [0, 1], own('tamper'), {
    health: true,
    aggregation: 'last',
    codes: truth,
  }),
  property('namur_state', ['NAMUR-Zustand', 'NAMUR state'], '1', [0, 4], own('namur_state'), {
    health: true,
    aggregation: 'last',
    codes: {
      0: { de: 'gut', en: 'good' },
      1: { de: 'Funktionskontrolle', en: 'function check' },
      2: { de: 'Wartungsbedarf', en: 'maintenance required' },
      3: { de: 'außerhalb der Spezifikation', en: 'out of specification' },
      4: { de: 'Ausfall', en: 'failure' },
    },
  }),
  property('latitude', ['Breite des Geräts', 'Device latitude'], 'deg', [-90, 90], own('latitude'), {
    health: true,
    aggregation: 'last',
  }),
  property('longitude', ['Länge des Geräts', 'Device longitude'], 'deg', [-180, 180], own('longitude'), {
    health: true,
    aggregation: 'last',
  }),
  property('device_heading', ['Ausrichtung des Geräts', 'Device heading'], 'deg', [0, 360], qudt('Angle'), {
    health: true,
    aggregation: 'last',
  }),
  property('echo_strength', ['Echostärke', 'Echo strength'], '1', [0, 255], own('echo_strength'), { health: true }),
  property(
    'valid_samples',
    ['Gültige Einzelmessungen', 'Valid samples'],
    '{count}',
    [0, 65_535],
    own('valid_samples'),
    {
      health: true,
    },
  ),
  property(
    'measurement_count',
    ['Messungen insgesamt', 'Measurements made'],
    '{count}',
    [0, 4_294_967_295],
    own('measurement_count'),
    { health: true, aggregation: 'last' },
  ),
  property(
    'position_fix_count',
    ['Ortungen insgesamt', 'Position fixes made'],
    '{count}',
    [0, 4_294_967_295],
    own('position_fix_count'),
    { health: true, aggregation: 'last' },
  ),
];

export const observedProperties: ReadonlyMap<string, ObservedProperty> = new Map(
  list.map((entry) => [entry.id, entry]),
);
