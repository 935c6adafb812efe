import type { EpochMs } from '../../model/time.ts';
import type { DemoNetwork, Hearing } from '../radio.ts';

/** What a network server publishes, and when. */
export interface Message {
  readonly at: EpochMs;
  readonly network: DemoNetwork;
  readonly topic: string;
  readonly body: Uint8Array;
}

/** What a network server knows about a device. */
export interface NetworkDevice {
  readonly devEui: string;
  readonly name: string;
  /** vendor/model */
  readonly profile: string;
  /** Name of the application, one per use case. */
  readonly application: string;
  readonly thing: string;
}

export interface Frame {
  readonly device: NetworkDevice;
  /** 8 lower-case hexadecimal digits, new with each join. */
  readonly devAddr: string;
  readonly fCnt: number;
  readonly fPort: number;
  readonly bytes: Uint8Array;
  readonly spreadingFactor: number;
  readonly frequencyHz: number;
  readonly hearings: readonly Hearing[];
  /** When the gateways received it. */
  readonly heardAt: EpochMs;
  /** When the network server publishes it. */
  readonly at: EpochMs;
  /** Random key of the frame, for ids. */
  readonly key: number;
}

export const toBody = (document: unknown): Uint8Array => Buffer.from(JSON.stringify(document));

export const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

const twoDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const digits = (byte: number): string => twoDigits[byte & 0xff] ?? '';

/** Eight hexadecimal digits of a 32-bit word. */
export const hex32 = (word: number): string =>
  digits(word >>> 24) + digits(word >>> 16) + digits(word >>> 8) + digits(word);

/** The four bytes of a 32-bit word in base 64. */
export const word64 = (word: number): string =>
  Buffer.from([word >>> 24, word >>> 16, word >>> 8, word].map((byte) => byte & 0xff)).toString('base64');
