import { DAY, type EpochMs } from '../../model/time.ts';
import { BlockBuilder, type BlockQuery, type ObservationBlock, type Part } from '../observation-block.ts';
import type { Database } from './database.ts';

/** Days of datastreams that are looked into for one block, so that no read takes long where there is little to find. */
const MAX_LOOKS = 1_500;

type Row = readonly [time: EpochMs, value: number | null, flag: number, tests?: number];

/** What a read has left: looks are shared by all parts of a block. */
interface Reading {
  readonly block: BlockBuilder;
  readonly without: readonly number[];
  readonly withTests: boolean;
  looks: number;
}

/** A block straight out of the rows, which come as arrays: three times as fast as by objects. */
export const readRows = (database: Database, query: BlockQuery): ObservationBlock => {
  const extentOf = database.statement('SELECT oldest, newest FROM extent WHERE datastream = ?');
  const reading: Reading = {
    block: new BlockBuilder(query),
    without: (query.without ?? []).map(Number),
    withTests: query.withTests !== false,
    looks: MAX_LOOKS,
  };
  for (const [index, part] of query.parts.entries()) {
    if (reading.block.room === 0 || reading.looks === 0) return reading.block.finish({ part: index, from: part.from });
    reading.looks--;
    const extent = extentOf.get(part.datastream) as { oldest: EpochMs; newest: EpochMs } | undefined;
    if (!extent) continue;
    const from = Math.max(part.from, extent.oldest);
    const to = Math.min(part.to, extent.newest + 1);
    const stopped = from < to ? readPart(database, { index, part: { ...part, from, to }, reading }) : undefined;
    if (stopped !== undefined) return reading.block.finish({ part: index, from: stopped });
  }
  return reading.block.finish();
};

/** Reads day by day; answers the instant at which it stopped, undefined where nothing is left. */
const readPart = (
  database: Database,
  { index, part, reading }: { index: number; part: Part; reading: Reading },
): EpochMs | undefined => {
  const { datastream, to } = part;
  const { block, without, withTests } = reading;
  const statement = database.statement(
    `SELECT time, value, flag${withTests ? ', tests' : ''} FROM observation WHERE day = ? AND datastream = ? AND time >= ? AND time < ?
     ${without.length > 0 ? `AND flag NOT IN (${without.join(', ')})` : ''} ORDER BY time LIMIT ?`,
  );
  statement.setReturnArrays(true);
  for (let day = Math.floor(part.from / DAY); day <= Math.floor((to - 1) / DAY); day++) {
    if (block.room === 0 || reading.looks === 0) return Math.max(part.from, day * DAY);
    reading.looks--;
    const { room } = block;
    const rows = statement.all(day, datastream, part.from, to, room) as unknown as Row[];
    for (const row of rows) block.add(index, { time: row[0], value: row[1], flag: row[2], tests: row[3] ?? 0 });
    if (rows.length === room) return (rows.at(-1)?.[0] ?? day * DAY) + 1;
  }
  return undefined;
};
