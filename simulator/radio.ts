import { DAY, type EpochMs, HOUR } from '../model/time.ts';
import { gateways as demoGateways } from './demo-places.ts';
import { between, keyed, keyOf, normal, uniform } from './random.ts';

export type DemoNetwork = 'demo-chirpstack' | 'demo-tts';

export interface Gateway {
  readonly network: DemoNetwork;
  /** EUI-64, 16 lower-case hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
}

export const gateways: readonly Gateway[] = demoGateways.map(([network, id, name, lon, lat]) => ({
  network,
  id,
  name,
  lon,
  lat,
}));

/** One gateway's hearing of one frame. */
export interface Hearing {
  readonly gateway: Gateway;
  readonly rssiDbm: number;
  readonly snrDb: number;
}

export interface RadioSettings {
  readonly home: DemoNetwork;
  /** Heard and delivered by the other network too (roaming, or a migration under way). */
  readonly roams: boolean;
  readonly spreadingFactor: number;
}

export interface Radio {
  readonly settings: RadioSettings;
  /** Who hears the frame number `frame` (counted over the device's life); nobody, if it is lost. */
  hear(frame: number): Hearing[];
}

/** Least signal to noise ratio for a spreading factor in dB (Semtech SX1276 datasheet, table 13). */
const sensitivitySnr: Readonly<Record<number, number>> = { 7: -7.5, 8: -10, 9: -12.5, 10: -15, 11: -17.5, 12: -20 };
/** Thermal noise in 125 kHz and the gateway's noise figure of 6 dB. */
const NOISE_FLOOR_DBM = -117;
/** Share of frames that collide with others. */
const COLLISIONS = 0.009;

/** Mean received power over flat coastal land with villages: log-distance model, exponent 3.1, 14 dBm and aerials included. */
const meanRssi = (distanceKm: number): number => Math.min(-48, -99 - 31 * Math.log10(Math.max(0.02, distanceKm)));

const distanceKm = (a: readonly [number, number], b: Gateway): number =>
  Math.hypot((a[0] - b.lon) * 111.32 * Math.cos((b.lat * Math.PI) / 180), (a[1] - b.lat) * 111.32);

interface RadioDevice {
  readonly devEui: string;
  readonly at: readonly [lon: number, lat: number];
  /** Loss of the place of mounting: a steel container shields. */
  readonly shieldingDb: number;
  /** Whether the other network may hear and deliver it as well. */
  readonly mayRoam: boolean;
}

export const createRadio = ({ devEui, at, shieldingDb, mayRoam }: RadioDevice, seed: number): Radio => {
  const key = keyOf(devEui, keyOf('radio', seed));
  const links = gateways.map((gateway, i) => ({
    gateway,
    key: keyed(key, 100 + i),
    rssi: meanRssi(distanceKm(at, gateway)) - shieldingDb + 4.5 * normal(key, i),
  }));
  const best = (network: DemoNetwork): number =>
    Math.max(...links.filter(({ gateway }) => gateway.network === network).map(({ rssi }) => rssi));
  const inReachOf = (network: DemoNetwork): boolean => best(network) > -126;
  // A fifth of all devices, drawn among those that The Things Stack reaches at all.
  const home: DemoNetwork = inReachOf('demo-tts') && uniform(key, 50) < 0.32 ? 'demo-tts' : 'demo-chirpstack';
  const other: DemoNetwork = home === 'demo-tts' ? 'demo-chirpstack' : 'demo-tts';
  // Adaptive data rate: the fastest one with 7 dB in hand at the best gateway.
  const margin = best(home) - NOISE_FLOOR_DBM - 7;
  const spreadingFactor = [7, 8, 9, 10, 11].find((sf) => (sensitivitySnr[sf] ?? 0) < margin) ?? 12;
  const settings = { home, roams: mayRoam && inReachOf(other) && uniform(key, 51) < 0.08, spreadingFactor };
  const needed = sensitivitySnr[spreadingFactor] ?? -20;
  const audible = links.filter(({ rssi }) => rssi - NOISE_FLOOR_DBM > needed - 6);
  return {
    settings,
    hear: (frame) => {
      if (uniform(key, 1_000_000 + frame) < COLLISIONS) return [];
      const hearings: Hearing[] = [];
      for (const link of audible) {
        const rssi = link.rssi + 2.6 * normal(link.key, frame);
        // Beyond +10 dB a LoRa receiver no longer tells signals apart; SNR stays there.
        const snr = Math.min(10 + normal(link.key, -1 - frame), rssi - NOISE_FLOOR_DBM);
        if (snr > needed)
          hearings.push({ gateway: link.gateway, rssiDbm: Math.round(rssi), snrDb: Math.round(snr * 4) / 4 });
      }
      return hearings.sort((a, b) => b.snrDb - a.snrDb);
    },
  };
};

/** Longest outage: who starts a simulation in the middle looks back this far for frames that are still to come. */
export const MAX_OUTAGE = 7 * HOUR;

/** Until when a gateway's way to its network server is down; undefined while it is up. */
export type Outages = (gateway: Gateway, time: EpochMs) => EpochMs | undefined;

/**
 * During an outage a gateway keeps what it hears, with its own GNSS time, and hands it over in order afterwards. About
 * every third week per gateway; the one in Eckernförde, alone in its town, every week.
 */
export const createOutages = (seed: number): Outages => {
  const key = keyOf('outages', seed);
  const weeks = new Map<string, { readonly week: number; readonly from: EpochMs; readonly to: EpochMs }>();
  return (gateway, time) => {
    if (gateway.network !== 'demo-chirpstack') return undefined;
    const week = Math.floor(time / (7 * DAY));
    let outage = weeks.get(gateway.id);
    if (outage?.week !== week) {
      const own = keyOf(gateway.id, key);
      const often = gateway.name === 'silo-eckernfoerde' ? 1 : 0.35;
      const from = week * 7 * DAY + Math.round(between(own, 3 * week + 1, [0, 7 * DAY - MAX_OUTAGE]));
      const lasts = uniform(own, 3 * week) < often ? Math.round(between(own, 3 * week + 2, [HOUR, MAX_OUTAGE])) : 0;
      outage = { week, from, to: from + lasts };
      weeks.set(gateway.id, outage);
    }
    return time >= outage.from && time < outage.to ? outage.to : undefined;
  };
};
