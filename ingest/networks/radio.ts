import type { EpochMs } from '../../model/time.ts';
import type { Location, Reception, Uplink } from '../../model/uplink.ts';
import { anyNumber, type Draft, euiOf, invalid, isJson, type Json, numberOf, objectOf } from './fields.ts';

/** What envelopes say of radio and gateways. It is worth less than the payload: what makes no sense is left out. */

const MAX_RECEPTIONS = 100;
const SIGNAL_DBM = [-250, 50] as const;
const SIGNAL_DB = [-100, 100] as const;
/** Stands for the gateway where an envelope gives a signal without saying who heard it. */
export const UNNAMED_GATEWAY = 'unnamed';

/** Degrees; zero members are left out, and both zero means that there is no position. */
export const positionOf = (place: Json | undefined): { latitude: number; longitude: number } | undefined => {
  if (!place) return undefined;
  const latitude = degrees(place, 'latitude', 90);
  const longitude = degrees(place, 'longitude', 180);
  if (latitude === undefined || longitude === undefined || (latitude === 0 && longitude === 0)) return undefined;
  return { latitude, longitude };
};

const degrees = (place: Json, name: string, max: number): number | undefined =>
  place[name] === undefined ? 0 : numberOf(place, name, [-max, max]);

/** Adds signal strength and quality; of a pair of which one is given, the other was a zero that was left out. */
export const addSignal = (reception: Draft<Reception>, hearing: Json): void => {
  if (hearing.rssi === undefined && hearing.snr === undefined) return;
  const rssiDbm = hearing.rssi === undefined ? 0 : numberOf(hearing, 'rssi', SIGNAL_DBM);
  if (rssiDbm !== undefined) reception.rssiDbm = rssiDbm;
  const snrDb = hearing.snr === undefined ? 0 : numberOf(hearing, 'snr', SIGNAL_DB);
  if (snrDb !== undefined) reception.snrDb = snrDb;
};

/** Adds the gateway's position if it has one. */
export const addPosition = (reception: Draft<Reception>, hearing: Json): void => {
  const position = positionOf(objectOf(hearing, 'location'));
  if (!position) return;
  reception.latitude = position.latitude;
  reception.longitude = position.longitude;
};

/** The hearings of a list that nobody vouches for; more gateways than `MAX_RECEPTIONS` hear no frame. */
export const receptionsOf = (list: unknown, read: (hearing: Json) => Reception | undefined): readonly Reception[] => {
  const receptions: Reception[] = [];
  for (const hearing of jsonList(list)) {
    const reception = read(hearing);
    if (reception) receptions.push(reception);
  }
  return receptions;
};

/** The objects among the first `MAX_RECEPTIONS` of a list. */
export const jsonList = (list: unknown): readonly Json[] =>
  Array.isArray(list) ? list.slice(0, MAX_RECEPTIONS).filter(isJson) : [];

/** One hearing as found in an envelope; numbers may be text. */
interface Hearing {
  readonly gatewayId: unknown;
  readonly rssi?: unknown;
  readonly snr?: unknown;
  readonly latitude?: unknown;
  readonly longitude?: unknown;
  readonly time?: EpochMs | undefined;
}

/** undefined where neither gateway nor signal is given. */
export const receptionFrom = ({ gatewayId, rssi, snr, latitude, longitude, time }: Hearing): Reception | undefined => {
  const rssiDbm = anyNumber(rssi, SIGNAL_DBM);
  const snrDb = anyNumber(snr, SIGNAL_DB);
  const name = gatewayOf(gatewayId);
  if (name === undefined && rssiDbm === undefined && snrDb === undefined) return undefined;
  const position = positionFrom(latitude, longitude);
  const reception: Draft<Reception> = { gatewayId: name ?? UNNAMED_GATEWAY };
  if (rssiDbm !== undefined) reception.rssiDbm = rssiDbm;
  if (snrDb !== undefined) reception.snrDb = snrDb;
  if (time !== undefined) reception.time = time;
  if (position) Object.assign(reception, position);
  return reception;
};

/** EUIs in one spelling, so that a gateway has the same name in every network; other names as they are. */
const gatewayOf = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value === '') return undefined;
  return euiOf(value) ?? value.slice(0, 64);
};

/** A position whose members must both be there; 0°, 0° means that there is none. */
export const positionFrom = (
  latitude: unknown,
  longitude: unknown,
): { latitude: number; longitude: number } | undefined => {
  const north = anyNumber(latitude, [-90, 90]);
  const east = anyNumber(longitude, [-180, 180]);
  if (north === undefined || east === undefined || (north === 0 && east === 0)) return undefined;
  return { latitude: north, longitude: east };
};

/** Adds spreading factor and bandwidth of `SF7BW125` or `SF7 BW125 4/5`. */
export const addDataRate = (uplink: Draft<Uplink>, text: unknown): void => {
  const [, spreadingFactor, bandwidthKhz] = typeof text === 'string' ? (DATA_RATE.exec(text) ?? []) : [];
  if (spreadingFactor === undefined) return;
  addSpreading(uplink, spreadingFactor);
  addBandwidth(uplink, Number(bandwidthKhz) * 1e3);
};

const DATA_RATE = /^SF(\d{1,2}) ?BW(\d{2,4})(?:\D.{0,20})?$/;

export const addSpreading = (uplink: Draft<Uplink>, value: unknown): void => {
  const spreadingFactor = anyNumber(value, [5, 12]);
  if (spreadingFactor !== undefined) uplink.spreadingFactor = spreadingFactor;
};

export const addBandwidth = (uplink: Draft<Uplink>, hz: unknown): void => {
  const bandwidthHz = anyNumber(hz, [1e3, 2e6]);
  if (bandwidthHz !== undefined) uplink.bandwidthHz = bandwidthHz;
};

export const addFrequency = (uplink: Draft<Uplink>, hz: unknown): void => {
  const frequencyHz = anyNumber(hz, [1e6, 6e9]);
  if (frequencyHz !== undefined) uplink.frequencyHz = frequencyHz;
};

/** Whole hertz of a frequency in megahertz, which binary fractions miss by a hair. */
export const addFrequencyMhz = (uplink: Draft<Uplink>, mhz: unknown): void => {
  const value = anyNumber(mhz, [1, 6e3]);
  if (value !== undefined) uplink.frequencyHz = Math.round(value * 1e6);
};

/** A solved position as an event. Throws HUB_ENVELOPE_INVALID where there is none; an accuracy below `minAccuracyM` is unknown. */
export const locationOf = (
  place: Json | undefined,
  head: Omit<Location, 'kind' | 'latitude' | 'longitude'>,
  minAccuracyM = 0,
): Location => {
  const position = positionOf(place);
  if (!place || !position) throw invalid('The location has no position');
  const location: Draft<Location> = { kind: 'location', ...head, ...position };
  const altitudeM = numberOf(place, 'altitude', [-1e3, 1e5]);
  if (altitudeM !== undefined) location.altitudeM = altitudeM;
  const accuracyM = numberOf(place, 'accuracy', [minAccuracyM, 1e7]);
  if (accuracyM !== undefined) location.accuracyM = accuracyM;
  return location;
};
