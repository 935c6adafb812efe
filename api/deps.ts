import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Catalogue } from '../devices/catalogue.ts';
import type { LiveLog } from '../model/live.ts';
import type { Codecs, Commands, Downlinks, PartState, SensorThings } from '../model/ports.ts';
import type { EpochMs } from '../model/time.ts';
import type { AccountStore } from '../store/accounts.ts';
import type { DetailReader } from '../store/details.ts';
import type { EventReader } from '../store/events.ts';
import type { JournalReader } from '../store/journal.ts';
import type { ObservationReader } from '../store/observations.ts';
import type { RegistryIndex } from '../store/registry-index.ts';
import type { ApiSettings } from './api-config.ts';
import type { DumpConfig } from './dumps/dump-config.ts';
import type { TracePort } from './trace-port.ts';

export interface NetworkInfo {
  readonly id: string;
  readonly kind: string;
  readonly transports: readonly string[];
}

/** What the composition root hands to the API. */
export interface ApiDeps {
  readonly registry: RegistryIndex;
  readonly observations: ObservationReader;
  readonly details: DetailReader;
  readonly events: EventReader;
  readonly journal: JournalReader;
  readonly accounts: AccountStore;
  readonly live: LiveLog;
  readonly commands: Commands;
  readonly downlinks: Downlinks;
  readonly codecs: Codecs;
  readonly sensorThings: SensorThings;
  readonly states: () => readonly PartState[];
  readonly networks: readonly NetworkInfo[];
  readonly metrics: Registry;
  readonly trace: TracePort;
  readonly catalogue: Catalogue;
  readonly config: ApiSettings;
  /** Admin credential of the local command line, from data/run.json. */
  readonly localCredential?: string;
  readonly logger: Logger;
  readonly clock: () => EpochMs;
  /** Monthly files of open data; without it there are none. */
  readonly dumps?: { readonly folder: string; readonly config: DumpConfig };
  /** Folder with the built console. */
  readonly consoleDir?: string | undefined;
}

/** What routes get: nothing from which data could be read past `request.reader`. */
export type RouteDeps = Pick<
  ApiDeps,
  | 'commands'
  | 'downlinks'
  | 'codecs'
  | 'sensorThings'
  | 'states'
  | 'networks'
  | 'metrics'
  | 'catalogue'
  | 'config'
  | 'logger'
  | 'clock'
>;
