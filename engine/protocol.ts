import type { DeviceProfile } from '../devices/catalogue.ts';
import type { AdapterSettings } from '../ingest/networks/adapters.ts';
import type { ErrorCode } from '../model/errors.ts';
import type { PartState } from '../model/ports.ts';
import type { InfluxSettings } from '../store/influxdb/influx-settings.ts';
import type { Outcome, Settlement } from '../store/journal.ts';
import type { RegistryChange } from '../store/registry.ts';
import type { CallMessage, packError, ResultMessage } from './rpc.ts';

/** What the writer and reader threads are started with; plain data. */
export interface EngineSettings {
  readonly file: string;
  readonly timeZone: string;
  readonly synchronous: 'FULL' | 'NORMAL' | 'OFF';
  readonly networks: readonly ({ readonly id: string } & AdapterSettings)[];
  readonly maxBodyBytes: number;
  /** Days; null keeps everything. */
  readonly journalKeepDays: number | null;
  readonly observationsKeepDays: number | null;
  /** Where observations are kept instead of the hub's own database. */
  readonly influxdb?: InfluxSettings | undefined;
}

/** A batch of messages on its way into the journal; bodies lie end to end in one buffer that is handed over, not copied. */
export interface IntakeMessage {
  readonly type: 'intake';
  readonly id: number;
  readonly networks: readonly string[];
  readonly topics: readonly (string | undefined)[];
  readonly lengths: Uint32Array;
  readonly bodies: Uint8Array;
  readonly arrivedAt: number;
}

/** Positions of a batch, negative where the message was a duplicate of that position. */
export interface ReceiptsMessage {
  readonly type: 'receipts';
  readonly id: number;
  readonly positions?: Float64Array;
  readonly error?: ReturnType<typeof packError>;
}

/** Columns of a packed observation in `StoredMessage.rows`; a missing value is NaN. */
export const STORED_COLUMNS = 9;

export interface StoredMessage {
  readonly type: 'stored';
  /** datastream, phenomenonTime, value, flag, tests, position, record, receivedAt, storedAt. */
  readonly rows: Float64Array;
}

/** What became of writings by way of SensorThings, once they are stored. */
export interface WrittenMessage {
  readonly type: 'written';
  readonly settled: readonly Pick<Settlement, 'position' | 'outcome' | 'detail'>[];
}

export interface RegistryMessage {
  readonly type: 'registry';
  readonly changes: readonly RegistryChange[];
}

/** Profiles of foreign codecs that are new or changed. */
export interface ProfilesMessage {
  readonly type: 'profiles';
  readonly profiles: readonly DeviceProfile[];
}

export interface StatsMessage {
  readonly type: 'stats';
  readonly states: readonly PartState[];
  readonly head: number;
  readonly cursor: number;
  readonly dirty: number;
  /** By id of the network; since the hub started. */
  readonly networks: Readonly<
    Record<
      string,
      {
        readonly received: number;
        readonly duplicates: number;
        readonly outcomes: Readonly<Record<Outcome, number>>;
      }
    >
  >;
  readonly deadLetters: Readonly<Partial<Record<ErrorCode, number>>>;
  readonly observations: number;
  /** Durations of the commits since the last message, milliseconds. */
  readonly commitsMs: readonly number[];
}

export type ToEngine = IntakeMessage | CallMessage | { readonly type: 'stop' };
export type FromEngine =
  | ReceiptsMessage
  | ResultMessage
  | StoredMessage
  | WrittenMessage
  | RegistryMessage
  | ProfilesMessage
  | StatsMessage
  | { readonly type: 'started'; readonly changes: readonly RegistryChange[] };
