import { crc32 } from 'node:zlib';
import type { EpochMs } from '../../model/time.ts';
import type { MessageKind, Reception } from '../../model/uplink.ts';
import type {
  AppendResult,
  Books,
  DeadLetter,
  Entry,
  Journal,
  NewEntry,
  Outcome,
  Page,
  Position,
  Settlement,
  UnknownDevice,
} from '../journal.ts';
import { BookKeeper, LocalDays } from './book-keeper.ts';
import type { Database } from './database.ts';
import { Identities, identityOf } from './identity.ts';
import { Interned } from './interned.ts';
import { type BooksQuery, type DeadLettersQuery, JournalLists } from './journal-lists.ts';

/** Index in this list is what the table stores: append only. */
const kinds: readonly MessageKind[] = [
  'uplink',
  'join',
  'status',
  'ack',
  'txack',
  'log',
  'location',
  'ignored',
  'unparsable',
  'writing',
];
const kindNumber = new Map(kinds.map((kind, i) => [kind, i]));

export class SqliteJournal implements Journal {
  readonly #database: Database;
  readonly #days: LocalDays;
  readonly #lists: JournalLists;
  readonly #identities: Identities;
  readonly #networks: Interned;
  readonly #devices: Interned;
  readonly #gateways: Interned;
  readonly #topics: Interned;
  #head: Position;

  constructor(database: Database, timeZone: string) {
    this.#database = database;
    this.#days = new LocalDays(timeZone);
    this.#identities = new Identities(database);
    this.#networks = new Interned(database, 'network');
    this.#devices = new Interned(database, 'device_ref');
    this.#gateways = new Interned(database, 'gateway');
    this.#topics = new Interned(database, 'topic');
    this.#lists = new JournalLists({ database, networks: this.#networks, gateways: this.#gateways });
    this.#head = this.#storedHead();
    database.onRollback(() => {
      this.#head = this.#storedHead();
    });
  }

  async append(entries: readonly NewEntry[]): Promise<AppendResult[]> {
    return this.#database.transaction(() => {
      const books = new BookKeeper();
      const results = entries.map((entry) => this.#appendOne(entry, books));
      books.write(this.#database);
      return results;
    });
  }

  async entry(position: Position): Promise<Entry | undefined> {
    const row = this.#database.statement(`${SELECT_ENTRY} WHERE position = ?`).get(position);
    return row && this.#entryOf(row as unknown as EntryRow);
  }

  async read(after: Position, limit: number, devEui?: string): Promise<Entry[]> {
    if (devEui === undefined) {
      const rows = this.#database
        .statement(`${SELECT_ENTRY} WHERE position > ? ORDER BY position LIMIT ?`)
        .all(after, limit);
      return (rows as unknown as EntryRow[]).map((row) => this.#entryOf(row));
    }
    const device = this.#devices.find(devEui);
    if (device === undefined) return [];
    const rows = this.#database
      .statement(
        `${SELECT_ENTRY} WHERE position IN
           (SELECT position FROM device_entry WHERE device = ? AND position > ? ORDER BY position LIMIT ?) ORDER BY position`,
      )
      .all(device, after, limit);
    return (rows as unknown as EntryRow[]).map((row) => this.#entryOf(row));
  }

  /** The newest message of a device, as far as the projection has passed them. */
  async newestOf(devEui: string): Promise<Entry | undefined> {
    const device = this.#devices.find(devEui);
    if (device === undefined) return undefined;
    const row = this.#database
      .statement('SELECT max(position) AS position FROM device_entry WHERE device = ?')
      .get(device);
    return row?.position == null ? undefined : this.entry(row.position as number);
  }

  async head(): Promise<Position> {
    return this.#storedHead();
  }

  /** First position that pruning has left, or undefined for an empty journal. */
  async tail(): Promise<{ position: Position; arrivedAt: EpochMs } | undefined> {
    const row = this.#database.statement('SELECT position, arrived_at FROM journal ORDER BY position LIMIT 1').get();
    return row && { position: row.position as number, arrivedAt: row.arrived_at as number };
  }

  /** The last position that reached the hub before an instant; 0 if none did. */
  async positionBefore(arrivedAt: EpochMs, devEui?: string): Promise<Position> {
    // Positions grow with arrival, so a binary search over positions finds it without an index on arrival.
    let low = (await this.tail())?.position ?? 0;
    let high = this.#storedHead();
    if (devEui !== undefined && low === 0) return 0;
    const arrival = this.#database.statement(
      'SELECT position, arrived_at FROM journal WHERE position >= ? ORDER BY position LIMIT 1',
    );
    while (low <= high) {
      const middle = (low + high) >> 1;
      const row = arrival.get(middle);
      if (row && (row.arrived_at as number) < arrivedAt) low = (row.position as number) + 1;
      else high = middle - 1;
    }
    return Math.max(0, low - 1);
  }

  async countAfter(after: Position, devEui?: string): Promise<number> {
    if (devEui === undefined) {
      return this.#count('SELECT count(*) AS n FROM journal WHERE position > ?', after);
    }
    const device = this.#devices.find(devEui);
    return device === undefined
      ? 0
      : this.#count('SELECT count(*) AS n FROM device_entry WHERE device = ? AND position > ?', device, after);
  }

  async cursor(projection: string): Promise<Position> {
    const row = this.#database.statement('SELECT position FROM cursor WHERE projection = ?').get(projection);
    return row ? (row.position as number) : 0;
  }

  async advance(projection: string, to: Position, settled: readonly Settlement[]): Promise<void> {
    const from = await this.cursor(projection);
    this.#database.transaction(() => {
      const books = new BookKeeper();
      for (const settlement of settled) this.#settle(settlement, from, books);
      this.#listByDevice(settled.filter(({ position }) => position > from));
      books.write(this.#database);
      if (to > from) {
        this.#database
          .statement(
            'INSERT INTO cursor (projection, position) VALUES (?, ?) ON CONFLICT DO UPDATE SET position = excluded.position',
          )
          .run(projection, to);
      }
    });
  }

  books(query: BooksQuery): Promise<Books[]> {
    return this.#lists.books(query);
  }

  deadLetters(query: DeadLettersQuery): Promise<Page<DeadLetter>> {
    return this.#lists.deadLetters(query);
  }

  unknownDevices(query: { after?: string; limit: number }): Promise<Page<UnknownDevice>> {
    return this.#lists.unknownDevices(query);
  }

  receptions(position: Position): Promise<readonly (Reception & { network: string })[]> {
    return this.#lists.receptions(position);
  }

  async outcome(position: Position): Promise<Outcome | undefined> {
    const exception = this.#exception(position);
    if (exception) return exception;
    const row = this.#database.statement('SELECT kind FROM journal WHERE position = ?').get(position);
    if (!row) return undefined;
    const implied = impliedOutcome(kinds[row.kind as number]);
    return position > (await this.cursor('observations')) && implied !== 'ignored' ? 'pending' : implied;
  }

  /** Removes entries that arrived before an instant and that the projection has passed; books and identities stay. */
  async prune(before: EpochMs, limit: number): Promise<number> {
    const cursor = await this.cursor('observations');
    const upTo = Math.min(cursor, await this.positionBefore(before));
    const first = (await this.tail())?.position ?? upTo + 1;
    const last = Math.min(upTo, first + limit - 1);
    if (last < first) return 0;
    return this.#database.transaction(() => {
      const unlist = this.#database.statement('DELETE FROM device_entry WHERE device = ? AND position = ?');
      const listed = 'SELECT device, position FROM journal WHERE position BETWEEN ? AND ? AND device IS NOT NULL';
      for (const row of this.#database.statement(listed).all(first, last)) {
        unlist.run(row.device as number, row.position as number);
      }
      this.#database.statement('DELETE FROM reception WHERE position BETWEEN ? AND ?').run(first, last);
      const result = this.#database.statement('DELETE FROM journal WHERE position BETWEEN ? AND ?').run(first, last);
      return Number(result.changes);
    });
  }

  #appendOne(entry: NewEntry, books: BookKeeper): AppendResult {
    const network = this.#networks.id(entry.network);
    const day = this.#days.labelOf(entry.arrivedAt);
    books.add(network, day, 'received');
    const { message } = entry;
    const devEui = message.kind === 'unparsable' ? undefined : message.devEui;
    const receivedAt = message.kind === 'unparsable' ? undefined : message.receivedAt;
    const device = devEui === undefined ? null : this.#devices.id(devEui);
    const identity = identityOf(entry);
    const first = this.#identities.find(identity, { network, device });
    if (first !== undefined) {
      books.add(network, day, 'duplicates');
      if (message.kind === 'uplink') this.#addReceptions(first, network, message.receptions);
      return { duplicateOf: first };
    }
    const position = ++this.#head;
    this.#database
      .statement(
        'INSERT INTO journal (position, network, kind, device, received_at, arrived_at, topic, body, crc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        position,
        network,
        kindNumber.get(message.kind) as number,
        device,
        receivedAt ?? null,
        entry.arrivedAt,
        entry.topic === undefined ? null : this.#topics.id(entry.topic),
        entry.body,
        crc32(entry.body),
      );
    this.#identities.remember(identity, { network, device }, position);
    if (message.kind === 'uplink') this.#addReceptions(position, network, message.receptions);
    if (message.kind === 'unparsable') {
      const { code, detail } = message;
      this.#except({
        position,
        kind: 'unparsable',
        network: entry.network,
        arrivedAt: entry.arrivedAt,
        outcome: 'deadLetter',
        code,
        detail,
      });
    }
    books.add(network, day, settledOnArrival[message.kind] ?? 'pending');
    return { position };
  }

  #addReceptions(position: Position, network: number, receptions: readonly Reception[]): void {
    const insert = this.#database.statement(
      'INSERT OR IGNORE INTO reception (position, network, gateway, rssi_dbm, snr_db, time) VALUES (?, ?, ?, ?, ?, ?)',
    );
    for (const { gatewayId, rssiDbm, snrDb, time } of receptions) {
      insert.run(position, network, this.#gateways.id(gatewayId), rssiDbm ?? null, snrDb ?? null, time ?? null);
    }
  }

  #settle(settlement: Settlement, cursor: Position, books: BookKeeper): void {
    const { position, outcome } = settlement;
    const network = this.#networks.id(settlement.network);
    const day = this.#days.labelOf(settlement.arrivedAt);
    const implied = impliedOutcome(settlement.kind);
    const fresh = position > cursor && settledOnArrival[settlement.kind] === undefined;
    const before = fresh ? 'pending' : (this.#exception(position) ?? implied);
    if (before !== outcome) {
      books.add(network, day, before, -1);
      books.add(network, day, outcome);
    }
    if (outcome !== implied) this.#except(settlement);
    else if (before !== 'pending') this.#database.statement('DELETE FROM exception WHERE position = ?').run(position);
  }

  #listByDevice(settled: readonly Settlement[]): void {
    const insert = this.#database.statement('INSERT OR IGNORE INTO device_entry (device, position) VALUES (?, ?)');
    const rows = settled.flatMap(({ devEui, position }) =>
      devEui === undefined ? [] : [[this.#devices.id(devEui), position] as const],
    );
    rows.sort(([a, i], [b, j]) => a - b || i - j);
    for (const [device, position] of rows) insert.run(device, position);
  }

  #except({ position, outcome, network, devEui, code, detail, arrivedAt }: Settlement): void {
    this.#database
      .statement(
        `INSERT INTO exception (position, outcome, network, device, code, detail, since) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET outcome = excluded.outcome, code = excluded.code, detail = excluded.detail`,
      )
      .run(
        position,
        outcome,
        this.#networks.id(network),
        devEui === undefined ? null : this.#devices.id(devEui),
        code ?? null,
        detail ?? null,
        arrivedAt,
      );
  }

  #exception(position: Position): Outcome | undefined {
    const row = this.#database.statement('SELECT outcome FROM exception WHERE position = ?').get(position);
    return row && (row.outcome as Outcome);
  }

  #entryOf(row: EntryRow): Entry {
    return {
      position: row.position,
      network: this.#networks.name(row.network),
      ...(row.topic !== null && { topic: this.#topics.name(row.topic) }),
      body: row.body,
      arrivedAt: row.arrived_at,
      kind: kinds[row.kind] as MessageKind,
      ...(row.device !== null && { devEui: this.#devices.name(row.device) }),
      ...(row.received_at !== null && { receivedAt: row.received_at }),
      corrupt: crc32(row.body) !== row.crc,
    };
  }

  /** Pruning may empty the journal, but the cursor has passed what was pruned. */
  #storedHead(): Position {
    return this.#count(
      'SELECT max(coalesce((SELECT max(position) FROM journal), 0), coalesce((SELECT max(position) FROM cursor), 0)) AS n',
    );
  }

  #count(sql: string, ...parameters: number[]): number {
    return (this.#database.statement(sql).get(...parameters) as { n: number }).n;
  }
}

interface EntryRow {
  position: number;
  network: number;
  kind: number;
  device: number | null;
  received_at: number | null;
  arrived_at: number;
  topic: number | null;
  body: Uint8Array;
  crc: number;
}

const SELECT_ENTRY = 'SELECT position, network, kind, device, received_at, arrived_at, topic, body, crc FROM journal';

/** What needs no projection is settled with its arrival. */
const settledOnArrival: Partial<Record<MessageKind, Outcome>> = { unparsable: 'deadLetter', ignored: 'ignored' };

/** The outcome of an entry that the projection has passed without noting an exception. */
const impliedOutcome = (kind: MessageKind | undefined): Outcome => {
  if (kind === 'uplink' || kind === 'writing' || kind === undefined) return 'decoded';
  return kind === 'ignored' ? 'ignored' : 'other';
};
