import { payloadError } from './byte-reader.ts';

/** Drops of Vutility (codecs of chirpstack-device-profiles, MIT): 11 bytes, the first one names the kind. */
export const checkPacket = (bytes: Uint8Array, packetId: number): void => {
  if (bytes.length !== 11) throw payloadError(`The frame has 11 bytes, not ${bytes.length}`);
  if (bytes[0] !== packetId) throw payloadError(`Packet id ${bytes[0]}; this model sends ${packetId}`);
};

/** A byte from 0 V to 5 V. */
export const capacitorVoltage = (scalar: number): number => (5 * scalar) / 255;

/** A byte from -40 °C to 80 °C. */
export const temperature = (scalar: number): number => (120 * scalar) / 255 - 40;
