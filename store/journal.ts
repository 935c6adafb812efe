import type { ErrorCode } from '../model/errors.ts';
import type { EpochMs } from '../model/time.ts';
import type { DevEui, MessageKind, ParsedMessage, Reception } from '../model/uplink.ts';

/** Consecutive number of a journal entry, from 1. */
export type Position = number;

export interface NewEntry {
  readonly network: string;
  /** MQTT topic; absent for a webhook. */
  readonly topic?: string;
  /** The message, byte for byte as it was received. */
  readonly body: Uint8Array;
  /** When it reached the hub. */
  readonly arrivedAt: EpochMs;
  /** What the network adapter made of it; decides identity and books. */
  readonly message: ParsedMessage;
}

export type AppendResult = { readonly position: Position } | { readonly duplicateOf: Position };

export interface Entry {
  readonly position: Position;
  readonly network: string;
  readonly topic?: string;
  readonly body: Uint8Array;
  readonly arrivedAt: EpochMs;
  readonly kind: MessageKind;
  readonly devEui?: DevEui;
  readonly receivedAt?: EpochMs;
  /** The body no longer matches the checksum it was written with. */
  readonly corrupt: boolean;
}

/** What became of an entry; `pending` until the projection has passed it. */
export const outcomes = ['pending', 'decoded', 'other', 'ignored', 'notPlaced', 'unknownDevice', 'deadLetter'] as const;
export type Outcome = (typeof outcomes)[number];

/**
 * The books of one network and local day of receipt. received is the number of messages handed over; it always equals
 * duplicates plus the sum of the outcomes.
 */
export interface Books extends Readonly<Record<Outcome, number>> {
  readonly network: string;
  /** YYYY-MM-DD, in the hub's time zone. */
  readonly day: string;
  readonly received: number;
  readonly duplicates: number;
}

export interface DeadLetter {
  readonly position: Position;
  readonly network: string;
  readonly devEui?: DevEui;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly since: EpochMs;
}

/** What the projection decided for one entry; network, arrivedAt and kind are the entry's own. */
export interface Settlement {
  readonly position: Position;
  readonly kind: MessageKind;
  readonly network: string;
  readonly arrivedAt: EpochMs;
  readonly outcome: Exclude<Outcome, 'pending'>;
  readonly devEui?: DevEui;
  readonly code?: ErrorCode;
  readonly detail?: string;
}

export interface UnknownDevice {
  readonly devEui: DevEui;
  readonly network: string;
  readonly deviceName?: string;
  readonly firstSeen: EpochMs;
  readonly lastSeen: EpochMs;
  readonly uplinks: number;
  /** The newest frames, newest first, at most 5. */
  readonly frames: readonly { readonly position: Position; readonly fPort: number; readonly hex: string }[];
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass as `after` to get the next page; absent on the last. */
  readonly next?: string;
}

/** The journal as its readers see it. */
export interface JournalReader {
  entry(position: Position): Promise<Entry | undefined>;
  /** Entries after `after` in order; with `devEui` those of one device, as far as the projection has passed them. */
  read(after: Position, limit: number, devEui?: DevEui): Promise<Entry[]>;
  head(): Promise<Position>;
  books(query: { network?: string; from?: string; to?: string }): Promise<Books[]>;
  deadLetters(query: {
    network?: string;
    code?: string;
    devEui?: string;
    after?: string;
    limit: number;
  }): Promise<Page<DeadLetter>>;
  unknownDevices(query: { after?: string; limit: number }): Promise<Page<UnknownDevice>>;
  outcome(position: Position): Promise<Outcome | undefined>;
  /** Receptions by every gateway and through every network, those of duplicates included. */
  receptions(position: Position): Promise<readonly (Reception & { readonly network: string })[]>;
}

/** Durable, deduplicated, verbatim. Contract suite: store/journal.contract.ts. */
export interface Journal extends JournalReader {
  /** Resolves after the entries and their books are durable; per entry its position, or that of the first of its kind. */
  append(entries: readonly NewEntry[]): Promise<AppendResult[]>;
  /** Position up to which a projection has read. */
  cursor(projection: string): Promise<Position>;
  /** Settles entries in books and lists and moves the cursor, together. Settling again moves an entry from its old outcome to the new. */
  advance(projection: string, to: Position, settled: readonly Settlement[]): Promise<void>;
}
