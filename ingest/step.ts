import type { Catalogue, CatalogueEntry } from '../devices/catalogue.ts';
import type { DecodedRecord, Parameters } from '../devices/codec.ts';
import type { DecodedValue } from '../devices/decode.ts';
import type { ErrorCode } from '../model/errors.ts';
import type { Observation } from '../model/observation.ts';
import type { Device } from '../model/registry.ts';
import type { EpochMs } from '../model/time.ts';
import type { Uplink } from '../model/uplink.ts';
import type { Outcome } from '../store/journal.ts';
import type { RegistryIndex } from '../store/registry-index.ts';
import type { DatastreamRegistrar } from './datastream-registrar.ts';

/** What the steps look up; all of it in memory. */
export interface PipelineContext {
  readonly registry: RegistryIndex;
  readonly catalogue: Catalogue;
  readonly registrar: DatastreamRegistrar;
  /** The state that the codec left behind for this device, for profiles that keep one. */
  readonly state: (devEui: string, profile: string) => unknown;
  /** Whether this uplink exceeds what its device may send; undefined while replaying, when everything may pass. */
  readonly exceedsLimit?: (devEui: string, receivedAt: EpochMs, perHour: number) => boolean;
}

/** One value with the datastream it belongs to. */
export interface PlacedValue {
  readonly value: DecodedValue;
  readonly datastream: number;
  readonly deployment?: string | undefined;
}

/** One uplink on its way; each step fills in what it finds out. */
export interface Work {
  readonly position: number;
  readonly storedAt: EpochMs;
  readonly uplink: Uplink;
  device?: Device;
  entry?: CatalogueEntry;
  parameters?: Parameters;
  records?: readonly DecodedRecord[];
  values: readonly DecodedValue[];
  warnings: readonly string[];
  state?: unknown;
  placed: PlacedValue[];
  observations: Observation[];
  /** Set by a step that lets the rest go on, e.g. for the health of a device that is deployed nowhere. */
  verdict?: Stop;
}

/** A step's way to say that this uplink goes no further: a value, not a fault. */
export interface Stop {
  readonly outcome: Extract<Outcome, 'notPlaced' | 'unknownDevice' | 'deadLetter'>;
  readonly code?: ErrorCode;
  readonly detail?: string;
}

export type Step = (work: Work, context: PipelineContext) => Stop | undefined;

export const createWork = (position: number, uplink: Uplink, storedAt: EpochMs): Work => ({
  position,
  storedAt,
  uplink,
  values: [],
  warnings: [],
  placed: [],
  observations: [],
});
