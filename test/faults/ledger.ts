import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { adapters } from '../../ingest/networks/adapters.ts';
import type { Sent } from '../support/publisher.ts';

const keyOf = ({ devEui, fCnt }: Sent): string => `${devEui} ${fCnt}`;

const ENTRIES = 'SELECT t.name AS topic, j.body FROM journal j LEFT JOIN topic t ON t.id = j.topic';

export interface Ledger {
  /** Acknowledged uplinks that the journal lacks. */
  readonly lost: number;
  /** Uplinks that the journal holds more than once. */
  readonly twice: number;
  readonly entries: number;
  readonly integrity: string;
}

/** Compares what a publisher was acknowledged with what a data folder holds; nothing of the hub may run on it. */
export const auditJournal = (folder: string, acknowledged: readonly Sent[]): Ledger => {
  const connection = new DatabaseSync(join(folder, 'hub.db'));
  try {
    const [check] = connection.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    const tables = connection.prepare("SELECT name FROM sqlite_master WHERE name = 'journal'").all();
    if (tables.length === 0) return { lost: acknowledged.length, twice: 0, entries: 0, integrity: 'no journal at all' };
    const adapter = adapters.get('chirpstack-v4');
    const counts = new Map<string, number>();
    for (const row of connection.prepare(ENTRIES).iterate()) {
      const event = adapter?.parse(row.topic as string, row.body as Uint8Array);
      if (event?.kind !== 'uplink') continue;
      counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + 1);
    }
    return {
      lost: acknowledged.filter((sent) => !counts.has(keyOf(sent))).length,
      twice: [...counts.values()].filter((n) => n > 1).length,
      entries: counts.size,
      integrity: check?.integrity_check ?? 'no answer',
    };
  } finally {
    connection.close();
  }
};
