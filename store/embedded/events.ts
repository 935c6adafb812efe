import type { SQLInputValue } from 'node:sqlite';
import { HubError } from '../../model/errors.ts';
import { formatTime } from '../../model/time.ts';
import type { DerivedEvent, EventQuery, EventReplacement, EventSpan, EventStore } from '../events.ts';
import type { Database } from './database.ts';

interface Row {
  kind: string;
  thing: string;
  datastream: number;
  derivation: string;
  time: number;
  until: number | null;
  value: number | null;
  label: string;
  detail: string;
  evidence_to: number;
}

const COLUMNS = 'derivation, datastream, time, kind, thing, until, value, label, detail, evidence_to';
const WITHIN = 'derivation = $derivation AND datastream = $datastream AND time >= $from AND time < $to';

export class SqliteEventStore implements EventStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async held(span: EventSpan): Promise<DerivedEvent[]> {
    return this.#database
      .statement(`SELECT ${COLUMNS} FROM event WHERE ${WITHIN} ORDER BY time, kind`)
      .all(bound(span))
      .map(eventOf);
  }

  async replace({ span, events }: EventReplacement): Promise<void> {
    const insert = this.#database.statement(`INSERT INTO event (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#database.transaction(() => {
      this.#database.statement(`DELETE FROM event WHERE ${WITHIN}`).run(bound(span));
      for (const event of events) {
        if (!isWithin(event, span))
          throw new HubError('HUB_INTERNAL', `${event.kind} at ${formatTime(event.time)} lies outside of its span`);
        const { derivation, datastream, time, kind, thing, until, value, label, detail, evidenceTo } = event;
        const about = [until ?? null, value ?? null, label, JSON.stringify(detail), evidenceTo] as const;
        insert.run(derivation, datastream, time, kind, thing, ...about);
      }
    });
  }

  async list({ from, to, kinds, datastreams, after, limit }: EventQuery): Promise<DerivedEvent[]> {
    const conditions = ['time >= $from AND time < $to'];
    const values: Record<string, SQLInputValue> = { $from: finite(from), $to: finite(to), $limit: limit };
    if (kinds) {
      conditions.push('kind IN (SELECT value FROM json_each($kinds))');
      values.$kinds = JSON.stringify(kinds);
    }
    if (datastreams) {
      conditions.push('datastream IN (SELECT value FROM json_each($datastreams))');
      values.$datastreams = JSON.stringify(datastreams);
    }
    if (after) {
      conditions.push('(time, datastream, derivation, kind) < ($time, $datastream, $derivation, $kind)');
      values.$time = after.time;
      values.$datastream = after.datastream;
      values.$derivation = after.derivation;
      values.$kind = after.kind;
    }
    return this.#database
      .statement(
        `SELECT ${COLUMNS} FROM event WHERE ${conditions.join(' AND ')}
         ORDER BY time DESC, datastream DESC, derivation DESC, kind DESC LIMIT $limit`,
      )
      .all(values)
      .map(eventOf);
  }
}

/** SQLite's integers have an end. */
const finite = (time: number): number => Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, time));

const bound = ({ derivation, datastream, from, to }: EventSpan) => ({
  $derivation: derivation,
  $datastream: datastream,
  $from: finite(from),
  $to: finite(to),
});

const isWithin = ({ derivation, datastream, time }: DerivedEvent, span: EventSpan): boolean =>
  derivation === span.derivation && datastream === span.datastream && time >= span.from && time < span.to;

const eventOf = (found: Record<string, unknown>): DerivedEvent => {
  const { kind, thing, datastream, derivation, time, until, value, label, detail, evidence_to } =
    found as unknown as Row;
  return {
    kind,
    thing,
    datastream,
    derivation,
    time,
    ...(until !== null && { until }),
    ...(value !== null && { value }),
    label,
    detail: JSON.parse(detail) as DerivedEvent['detail'],
    evidenceTo: evidence_to,
  };
};
