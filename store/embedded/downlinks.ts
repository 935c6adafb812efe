import type { DownlinkOrder } from '../../model/downlink.ts';
import type { DownlinkStore } from '../downlinks.ts';
import type { Database } from './database.ts';

/** Orders that are handed over after a restart, at most. */
const MAX_QUEUED = 1_000;

export class SqliteDownlinkStore implements DownlinkStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(order: DownlinkOrder): Promise<void> {
    this.#database.transaction(() => {
      this.#database
        .statement(
          `INSERT INTO downlink (id, device, state, body) VALUES (?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET state = excluded.state, body = excluded.body`,
        )
        .run(order.id, order.device, order.state, JSON.stringify(order));
    });
  }

  async order(id: string): Promise<DownlinkOrder | undefined> {
    const row = this.#database.statement('SELECT body FROM downlink WHERE id = ?').get(id);
    return row && orderOf(row);
  }

  async list({ device, before, limit }: { device?: string; before?: string; limit: number }): Promise<DownlinkOrder[]> {
    const conditions = [
      ...(device === undefined ? [] : ['device = $device']),
      ...(before === undefined ? [] : ['seq < coalesce((SELECT seq FROM downlink WHERE id = $before), 0)']),
    ];
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const rows = this.#database.statement(`SELECT body FROM downlink ${where} ORDER BY seq DESC LIMIT $limit`).all({
      ...(device !== undefined && { $device: device }),
      ...(before !== undefined && { $before: before }),
      $limit: limit,
    });
    return rows.map(orderOf);
  }

  async queued(): Promise<DownlinkOrder[]> {
    const rows = this.#database
      .statement("SELECT body FROM downlink WHERE state = 'queued' ORDER BY seq LIMIT ?")
      .all(MAX_QUEUED);
    return rows.map(orderOf);
  }
}

const orderOf = (row: Record<string, unknown>): DownlinkOrder => JSON.parse(row.body as string) as DownlinkOrder;
