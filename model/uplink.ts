import type { ErrorCode } from './errors.ts';
import type { ObservationChange } from './sensor-things.ts';
import type { EpochMs } from './time.ts';

/** 16 lower-case hexadecimal digits, LoRaWAN 1.0.4 §6.1.1.2 (DevEUI, an IEEE EUI-64). */
export type DevEui = string;

/** One gateway's hearing of one uplink. */
export interface Reception {
  readonly gatewayId: string;
  /** Received signal strength in dBm. */
  readonly rssiDbm?: number;
  /** Signal to noise ratio in dB. */
  readonly snrDb?: number;
  readonly time?: EpochMs;
  readonly latitude?: number;
  readonly longitude?: number;
}

interface EventBase {
  readonly devEui: DevEui;
  /** The network server's receive time. */
  readonly receivedAt: EpochMs;
  /** The network server's own idempotency key, where it has one. */
  readonly messageId?: string;
  readonly deviceName?: string;
}

/** One device frame, envelope removed. */
export interface Uplink extends EventBase {
  readonly kind: 'uplink';
  /** 8 lower-case hexadecimal digits. */
  readonly devAddr?: string;
  /** Uplink frame counter; 0 where the envelope leaves it out. */
  readonly fCnt: number;
  readonly fPort: number;
  readonly bytes: Uint8Array;
  readonly receptions: readonly Reception[];
  readonly frequencyHz?: number;
  readonly spreadingFactor?: number;
  readonly bandwidthHz?: number;
  readonly confirmed?: boolean;
  /** What the network server itself decoded, untouched. */
  readonly decoded?: Readonly<Record<string, unknown>>;
}

export interface Join extends EventBase {
  readonly kind: 'join';
  readonly devAddr?: string;
}

/** Answer to DevStatusReq (LoRaWAN 1.0.4 §5.5). */
export interface Status extends EventBase {
  readonly kind: 'status';
  /** Demodulation margin of the last request in dB. */
  readonly marginDb?: number;
  /** 0 to 100; absent where unavailable or externally powered. */
  readonly batteryPercent?: number;
  readonly externalPower?: boolean;
}

/** A device's answer to a confirmed downlink. */
export interface Ack extends EventBase {
  readonly kind: 'ack';
  readonly acknowledged: boolean;
  readonly downlinkId?: string;
  readonly fCntDown?: number;
}

/** A downlink left a gateway. */
export interface TxAck extends EventBase {
  readonly kind: 'txack';
  readonly downlinkId?: string;
  readonly gatewayId?: string;
  readonly fCntDown?: number;
}

export interface NetworkLog extends EventBase {
  readonly kind: 'log';
  readonly level: 'info' | 'warning' | 'error';
  readonly code: string;
  readonly description?: string;
}

export interface Location extends EventBase {
  readonly kind: 'location';
  readonly latitude: number;
  readonly longitude: number;
  readonly altitudeM?: number;
  readonly accuracyM?: number;
}

export type NetworkEvent = Uplink | Join | Status | Ack | TxAck | NetworkLog | Location;

/** A message that is known to carry nothing for us, e.g. a frame of MAC commands only. */
export interface Ignored {
  readonly kind: 'ignored';
  readonly reason: string;
  readonly devEui?: DevEui;
  readonly receivedAt?: EpochMs;
}

/** A message that could not be parsed; it becomes a dead letter. */
export interface Unparsable {
  readonly kind: 'unparsable';
  readonly code: ErrorCode;
  readonly detail: string;
}

/** Observations of things without LoRaWAN, as they were written by way of SensorThings. */
export interface Writing {
  readonly kind: 'writing';
  /** Its own, so that a writing may be repeated later. */
  readonly id: string;
  /** Id of the token that wrote. */
  readonly by: string;
  readonly changes: readonly ObservationChange[];
  readonly receivedAt: EpochMs;
  readonly devEui?: undefined;
}

export type ParsedMessage = NetworkEvent | Writing | Ignored | Unparsable;
export type MessageKind = ParsedMessage['kind'];
