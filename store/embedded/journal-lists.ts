import type { ErrorCode } from '../../model/errors.ts';
import type { Reception } from '../../model/uplink.ts';
import {
  type Books,
  type DeadLetter,
  type JournalReader,
  outcomes,
  type Page,
  type Position,
  type UnknownDevice,
} from '../journal.ts';
import type { Database } from './database.ts';
import type { Interned } from './interned.ts';

export type BooksQuery = Parameters<JournalReader['books']>[0];
export type DeadLettersQuery = Parameters<JournalReader['deadLetters']>[0];

/** What operators look at: books, dead letters, unknown devices, receptions. */
export class JournalLists {
  readonly #database: Database;
  readonly #networks: Interned;
  readonly #gateways: Interned;

  constructor({ database, networks, gateways }: { database: Database; networks: Interned; gateways: Interned }) {
    this.#database = database;
    this.#networks = networks;
    this.#gateways = gateways;
  }

  async books({ network, from, to }: BooksQuery): Promise<Books[]> {
    const rows = this.#database
      .statement(
        `SELECT n.name AS network, b.day, b.received, b.duplicates, ${outcomes.map((o) => `b.${o}`).join(', ')}
         FROM books b JOIN network n ON n.id = b.network
         WHERE (?1 IS NULL OR n.name = ?1) AND (?2 IS NULL OR b.day >= ?2) AND (?3 IS NULL OR b.day <= ?3)
         ORDER BY b.day DESC, n.name`,
      )
      .all(network ?? null, from ?? null, to ?? null);
    return rows.map((row) => ({ ...row })) as unknown as Books[];
  }

  async deadLetters(query: DeadLettersQuery): Promise<Page<DeadLetter>> {
    const rows = this.#database
      .statement(
        `SELECT e.position, n.name AS network, d.dev_eui AS devEui, e.code, e.detail, e.since
         FROM exception e JOIN network n ON n.id = e.network LEFT JOIN device_ref d ON d.id = e.device
         WHERE e.outcome = 'deadLetter' AND e.position < ?1 AND (?2 IS NULL OR n.name = ?2)
           AND (?3 IS NULL OR e.code = ?3) AND (?4 IS NULL OR d.dev_eui = ?4)
         ORDER BY e.position DESC LIMIT ?5`,
      )
      .all(
        query.after === undefined ? Number.MAX_SAFE_INTEGER : Number(query.after),
        query.network ?? null,
        query.code ?? null,
        query.devEui ?? null,
        query.limit + 1,
      );
    const items = rows.slice(0, query.limit).map((row) => ({
      position: row.position as number,
      network: row.network as string,
      ...(row.devEui !== null && { devEui: row.devEui as string }),
      code: row.code as ErrorCode,
      detail: row.detail as string,
      since: row.since as number,
    }));
    const last = items.at(-1);
    return { items, ...(rows.length > query.limit && last && { next: String(last.position) }) };
  }

  async unknownDevices(query: { after?: string; limit: number }): Promise<Page<UnknownDevice>> {
    const rows = this.#database
      .statement(
        `SELECT d.id, d.dev_eui AS devEui, count(*) AS uplinks, min(e.position) AS first, max(e.position) AS last
         FROM exception e JOIN device_ref d ON d.id = e.device
         WHERE e.outcome = 'unknownDevice' AND d.dev_eui > ?1
         GROUP BY d.id ORDER BY d.dev_eui LIMIT ?2`,
      )
      .all(query.after ?? '', query.limit + 1);
    const items = rows.slice(0, query.limit).map((row) => this.#unknownDevice(row as unknown as UnknownRow));
    const last = items.at(-1);
    return { items, ...(rows.length > query.limit && last && { next: last.devEui }) };
  }

  async receptions(position: Position): Promise<readonly (Reception & { network: string })[]> {
    const rows = this.#database
      .statement('SELECT network, gateway, rssi_dbm, snr_db, time FROM reception WHERE position = ?')
      .all(position);
    return rows.map((row) => ({
      network: this.#networks.name(row.network as number),
      gatewayId: this.#gateways.name(row.gateway as number),
      ...(row.rssi_dbm !== null && { rssiDbm: row.rssi_dbm as number }),
      ...(row.snr_db !== null && { snrDb: row.snr_db as number }),
      ...(row.time !== null && { time: row.time as number }),
    }));
  }

  #unknownDevice({ id, devEui, uplinks, first, last }: UnknownRow): UnknownDevice {
    const bounds = this.#database.statement('SELECT since, network FROM exception WHERE position = ?');
    const newest = bounds.get(last) as { since: number; network: number };
    const oldest = bounds.get(first) as { since: number };
    const frames = this.#database
      .statement(
        "SELECT position, detail FROM exception WHERE outcome = 'unknownDevice' AND device = ? ORDER BY position DESC LIMIT 5",
      )
      .all(id);
    return {
      devEui,
      network: this.#networks.name(newest.network),
      firstSeen: oldest.since,
      lastSeen: newest.since,
      uplinks,
      frames: frames.map((row) => {
        // The projection leaves `<fPort>:<hex>` as the detail of an unknown device's uplink.
        const [fPort = '0', hex = ''] = String(row.detail).split(':');
        return { position: row.position as number, fPort: Number(fPort), hex };
      }),
    };
  }
}

interface UnknownRow {
  id: number;
  devEui: string;
  uplinks: number;
  first: number;
  last: number;
}
