import type { DecodedRecord } from '../devices/codec.ts';
import type { DecodedValue } from '../devices/decode.ts';
import type { ErrorCode } from '../model/errors.ts';
import type { Observation } from '../model/observation.ts';
import type { ParsedMessage, Reception } from '../model/uplink.ts';
import type { Entry, Outcome, Position } from '../store/journal.ts';

/** The whole way of one journal entry, read again with the codec and registry of today; only `observations` is what is stored. */
export interface Trace {
  readonly entry: Entry;
  /** What the network adapter reads in it. */
  readonly message: ParsedMessage;
  readonly receptions: readonly (Reception & { readonly network: string })[];
  readonly outcome: Outcome;
  /** Why it came to nothing, where it did. */
  readonly reason?: { readonly code?: ErrorCode; readonly detail?: string };
  /** `vendor/model@version` of the codec that read it for this trace. */
  readonly codec?: string;
  readonly records: readonly DecodedRecord[];
  readonly values: readonly DecodedValue[];
  readonly warnings: readonly string[];
  /** What the store holds of it. */
  readonly observations: readonly Observation[];
}

/** Follows an entry through the pipeline without writing; undefined where the journal does not hold it. */
export type TracePort = (position: Position) => Promise<Trace | undefined>;
