import type { DetailOf, ObservationDetail } from '../../model/sensor-things.ts';
import type { DetailQuery, DetailStore } from '../details.ts';
import type { Database } from './database.ts';

export class SqliteDetailStore implements DetailStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list({ datastreams, from, to }: DetailQuery): Promise<DetailOf[]> {
    const select = this.#database.statement(
      'SELECT time, body FROM observation_detail WHERE datastream = ? AND time >= ? AND time < ? ORDER BY time',
    );
    return datastreams.flatMap((datastream) =>
      select.all(datastream, from, to).map((row) => ({
        datastream,
        phenomenonTime: row.time as number,
        detail: JSON.parse(row.body as string) as ObservationDetail,
      })),
    );
  }

  async put(details: readonly DetailOf[]): Promise<void> {
    const put = this.#database.statement(
      'INSERT INTO observation_detail (datastream, time, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
    );
    for (const { datastream, phenomenonTime, detail } of details)
      put.run(datastream, phenomenonTime, JSON.stringify(detail));
  }

  async remove(keys: readonly Pick<DetailOf, 'datastream' | 'phenomenonTime'>[]): Promise<void> {
    const remove = this.#database.statement('DELETE FROM observation_detail WHERE datastream = ? AND time = ?');
    for (const { datastream, phenomenonTime } of keys) remove.run(datastream, phenomenonTime);
  }

  async removeAll(datastreams: readonly number[]): Promise<void> {
    const remove = this.#database.statement('DELETE FROM observation_detail WHERE datastream = ?');
    for (const datastream of datastreams) remove.run(datastream);
  }
}
