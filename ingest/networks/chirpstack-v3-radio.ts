import type { Reception, Uplink } from '../../model/uplink.ts';
import { type Draft, euiOf, type Json, objectOf } from './fields.ts';
import { addBandwidth, addFrequency, addSpreading, receptionFrom } from './radio.ts';
import { timeOf } from './times.ts';

/**
 * rxInfo and txInfo as ChirpStack 3 and its forerunner LoRa App Server write them; Milesight's gateways still do. A
 * gateway is a `gatewayID` (hexadecimal or base64) or a `mac`, its position an object or members of the hearing.
 */

export const receptionOf = (hearing: Json): Reception | undefined => {
  const place = objectOf(hearing, 'location') ?? hearing;
  return receptionFrom({
    gatewayId: base64Of(hearing.gatewayID, 8) ?? hearing.gatewayID ?? hearing.mac,
    rssi: hearing.rssi,
    snr: hearing.loRaSNR,
    latitude: place.latitude,
    longitude: place.longitude,
    time: timeOf(hearing.time),
  });
};

export const addRadio = (uplink: Draft<Uplink>, radio: Json | undefined): void => {
  if (!radio) return;
  addFrequency(uplink, radio.frequency);
  const lora = objectOf(radio, 'loRaModulationInfo') ?? objectOf(radio, 'dataRate');
  if (!lora) return;
  addSpreading(uplink, lora.spreadingFactor ?? lora.spreadFactor);
  // Both give kilohertz
  if (typeof lora.bandwidth === 'number') addBandwidth(uplink, lora.bandwidth * 1e3);
};

/** The bytes of an EUI or an address that protobuf's JSON writes as base64, in hexadecimal digits. */
export const base64Of = (value: unknown, bytes: 4 | 8): string | undefined => {
  if (typeof value !== 'string' || !(bytes === 8 ? EUI : DEV_ADDR).test(value)) return undefined;
  return Buffer.from(value, 'base64').toString('hex');
};

const EUI = /^[A-Za-z0-9+/]{11}=$/;
const DEV_ADDR = /^[A-Za-z0-9+/]{6}==$/;

export const anyEuiOf = (value: unknown): string | undefined => euiOf(value) ?? base64Of(value, 8);
