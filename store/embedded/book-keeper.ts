import { type EpochMs, nextCalendarUnit, startOfCalendarUnit } from '../../model/time.ts';
import type { Outcome } from '../journal.ts';
import type { Database } from './database.ts';

type Column = Outcome | 'received' | 'duplicates';

interface Sum {
  readonly network: number;
  readonly day: string;
  readonly columns: Map<Column, number>;
}

/** Sums changes of the books of one transaction, so that each (network, day) is written once. */
export class BookKeeper {
  readonly #sums: Sum[] = [];

  add(network: number, day: string, column: Column, by = 1): void {
    const { columns } = this.#sumOf(network, day);
    columns.set(column, (columns.get(column) ?? 0) + by);
  }

  write(database: Database): void {
    for (const { network, day, columns } of this.#sums) {
      database.statement('INSERT OR IGNORE INTO books (network, day) VALUES (?, ?)').run(network, day);
      for (const [column, by] of columns) {
        database
          .statement(`UPDATE books SET ${column} = ${column} + ? WHERE network = ? AND day = ?`)
          .run(by, network, day);
      }
    }
  }

  /** A transaction concerns few networks and days: looking through them is faster than making a key of both. */
  #sumOf(network: number, day: string): Sum {
    const known = this.#sums.find((sum) => sum.network === network && sum.day === day);
    if (known) return known;
    const sum: Sum = { network, day, columns: new Map() };
    this.#sums.push(sum);
    return sum;
  }
}

/** Local days by their date; the day of the last question is remembered, since the next one is nearly always of the same. */
export class LocalDays {
  readonly #timeZone: string;
  #day: { from: EpochMs; to: EpochMs; label: string } = { from: 0, to: 0, label: '' };

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  labelOf(time: EpochMs): string {
    if (time < this.#day.from || time >= this.#day.to) {
      const from = startOfCalendarUnit(time, 'day', this.#timeZone);
      const label = Temporal.Instant.fromEpochMilliseconds(from)
        .toZonedDateTimeISO(this.#timeZone)
        .toPlainDate()
        .toString();
      this.#day = { from, to: nextCalendarUnit(from, 'day', this.#timeZone), label };
    }
    return this.#day.label;
  }
}
