import type { ThingKind } from '../../model/registry.ts';

/** How a value of ours becomes one of the model. Answers undefined where the model has no place for it. */
export type Convert = (value: number) => number | string | boolean | undefined;

export interface ModelAttribute {
  readonly name: string;
  /** Where the model counts in another unit than the datastream: its UN/CEFACT code. */
  readonly unitCode?: string;
  readonly convert?: Convert;
  /** The value stands under its own name as well, for what the model's attribute cannot hold. */
  readonly keepsOwnName?: true;
}

export interface Model {
  readonly type: string;
  /** Start of the IRIs of its type and of the attributes that it defines. */
  readonly namespace: string;
  /** Start of the IRIs of what all of its repository share, such as name and dateObserved. */
  readonly shared: string;
  /** By observed property; others keep their own name. */
  readonly attributes: Readonly<Record<string, ModelAttribute>>;
  /** It is an observation: it has dateObserved, and does not exist without a value. */
  readonly isObservation: boolean;
  /** Names that it defines beside those of `attributes`. */
  readonly furtherNames?: readonly string[];
}

const SMART = 'https://smartdatamodels.org/';
/** Types and attributes that no Smart Data Model has. */
export const OWN = 'https://plietsch.org/def/';

const share: Convert = (percent) => Math.min(1, Math.max(0, percent / 100));
const notBelowZero: Convert = (value) => (value < 0 ? undefined : value);
const ONE = 'C62';

/** Smart Data Models (smartdatamodels.org) of the kinds of things that have one. */
export const models: Partial<Record<ThingKind, Model>> = {
  container_slot: {
    type: 'WasteContainer',
    namespace: `${SMART}dataModel.WasteManagement/`,
    shared: `${SMART}dataModel.WasteManagement/`,
    attributes: {
      fill_level: { name: 'fillingLevel', unitCode: ONE, convert: share },
      container_temperature: { name: 'temperature' },
      weight: { name: 'cargoWeight', convert: notBelowZero },
      tilt: { name: 'status', convert: (tilted) => (tilted === 1 ? 'dropped' : 'ok') },
    },
    isObservation: false,
  },
  road_cross_section: {
    type: 'TrafficFlowObserved',
    namespace: `${SMART}dataModel.Transportation/`,
    shared: SMART,
    attributes: {
      vehicle_count: { name: 'intensity', convert: notBelowZero },
      vehicle_speed: { name: 'averageVehicleSpeed', convert: notBelowZero },
    },
    isObservation: true,
  },
  weather_station: {
    type: 'WeatherObserved',
    namespace: `${SMART}dataModel.Weather/`,
    shared: SMART,
    attributes: {
      air_temperature: { name: 'temperature' },
      relative_humidity: { name: 'relativeHumidity', unitCode: ONE, convert: share },
      air_pressure: { name: 'atmosphericPressure', convert: notBelowZero },
      precipitation: { name: 'precipitation', convert: notBelowZero },
      solar_radiation: { name: 'solarRadiation', convert: notBelowZero },
      wind_speed: { name: 'windSpeed' },
      wind_gust: { name: 'gustSpeed' },
      wind_direction: { name: 'windDirection' },
      dew_point: { name: 'dewPoint' },
      surface_temperature: { name: 'surfaceTemperature' },
      illuminance: { name: 'illuminance', convert: notBelowZero },
    },
    isObservation: true,
  },
  gauge: {
    type: 'WaterObserved',
    namespace: `${SMART}dataModel.Environment/`,
    shared: `${SMART}dataModel.Environment/`,
    attributes: {
      // The model's height cannot lie below the datum: waterLevel, under its own name, can.
      water_level: { name: 'height', convert: notBelowZero, keepsOwnName: true },
    },
    isObservation: true,
  },
  parking_bay: {
    type: 'ParkingSpot',
    namespace: `${SMART}dataModel.Parking/`,
    shared: SMART,
    attributes: {
      occupied: { name: 'status', convert: (occupied) => (occupied === 1 ? 'occupied' : 'free') },
      occupancy_state: { name: 'status', convert: (state) => ['free', 'unknown', 'occupied'][state] },
    },
    isObservation: false,
    furtherNames: ['category', 'refParkingSite'],
  },
};

/** `air_station` is an AirStation. */
const pascal = (snake: string): string =>
  snake.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** `water_level` is waterLevel. */
export const camel = (snake: string): string =>
  snake.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The model of a kind: Smart Data Models', or one that only says what the hub says. */
export const modelOf = (kind: ThingKind): Model =>
  models[kind] ?? { type: pascal(kind), namespace: OWN, shared: SMART, attributes: {}, isObservation: false };
