import type { downlinkStepOf } from '../model/downlink.ts';
import type { Observation } from '../model/observation.ts';
import type { ObservationChange } from '../model/sensor-things.ts';
import type { EpochMs } from '../model/time.ts';
import type { Settlement } from '../store/journal.ts';

/** What one journal entry came to. */
export interface EntryResult {
  readonly settlement: Settlement;
  readonly observations: readonly Observation[];
  /** What a network server says about a downlink of ours. */
  readonly downlink?: NonNullable<ReturnType<typeof downlinkStepOf>> & { readonly at: EpochMs };
  /** What a writing says beside its values, in its order. */
  readonly changes?: readonly ObservationChange[];
  /** New codec state of the device, where its profile keeps one. */
  readonly state?: { readonly devEui: string; readonly profile: string; readonly state: unknown };
}
