import { SqliteAccountStore } from './accounts.ts';
import { SqliteCodecStore } from './codecs.ts';
import { type Database, type DatabaseOptions, openDatabase } from './database.ts';
import { SqliteDetailStore } from './details.ts';
import { SqliteDownlinkStore } from './downlinks.ts';
import { SqliteEventStore } from './events.ts';
import { SqliteJournal } from './journal.ts';
import { SqliteObservationStore } from './observations.ts';
import { SqliteRegistryStore } from './registry.ts';
import { SqliteRollupStore } from './rollups.ts';
import { Sequences } from './sequences.ts';
import { SqliteWorkStore } from './work.ts';

/** Every embedded store on one connection. */
export interface EmbeddedStores {
  readonly database: Database;
  readonly journal: SqliteJournal;
  readonly registry: SqliteRegistryStore;
  readonly observations: SqliteObservationStore;
  readonly details: SqliteDetailStore;
  readonly accounts: SqliteAccountStore;
  readonly work: SqliteWorkStore;
  readonly downlinks: SqliteDownlinkStore;
  readonly codecs: SqliteCodecStore;
  readonly events: SqliteEventStore;
  readonly rollups: SqliteRollupStore;
  readonly sequences: Sequences;
}

export const openStores = (options: DatabaseOptions & { timeZone: string }): EmbeddedStores => {
  const database = openDatabase(options);
  return {
    database,
    journal: new SqliteJournal(database, options.timeZone),
    registry: new SqliteRegistryStore(database),
    observations: new SqliteObservationStore(database),
    details: new SqliteDetailStore(database),
    accounts: new SqliteAccountStore(database),
    work: new SqliteWorkStore(database),
    downlinks: new SqliteDownlinkStore(database),
    codecs: new SqliteCodecStore(database),
    events: new SqliteEventStore(database),
    rollups: new SqliteRollupStore(database),
    sequences: new Sequences(database),
  };
};
