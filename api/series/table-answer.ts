import type { FastifyReply, FastifyRequest } from 'fastify';
import { HubError } from '../../model/errors.ts';
import { formatTime } from '../../model/time.ts';
import type { RouteDeps } from '../deps.ts';
import type { CsvStyle } from '../formats/csv.ts';
import { sendStream, sendWhole } from '../formats/send-table.ts';
import { pointTable, type TableBlock, valueColumns } from '../formats/table.ts';
import { createTableWriter, type TableFormat } from '../formats/table-writer.ts';
import type { Terms } from '../formats/terms.ts';
import { cursorInvalid, decodeCursor, encodeCursor, instantIn, nextLink } from '../paging.ts';
import type { Stream } from '../visibility.ts';
import type { Decimated, Decimation } from './decimate.ts';
import { boundRows, boundSpan, columnsOf, type Place, pageOfRows, rowsOf, type SeriesAsk } from './series-table.ts';

/** Up to so many rows an answer is made in memory: it has a length and a validator. */
const WHOLE_ROWS = 20_000;
const CURSORS = 'observations';

export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Answers of many rows that are under way; each holds some blocks in memory and asks the reader thread again and again. */
export class TableDesk {
  readonly #limits: { readonly maxExports: number; readonly maxExportRows: number };
  #underWay = 0;

  constructor(limits: { readonly maxExports: number; readonly maxExportRows: number }) {
    this.#limits = limits;
  }

  get maxRows(): number {
    return this.#limits.maxExportRows;
  }

  /** Takes a place; answers how to give it back, once. Throws HUB_UNAVAILABLE. */
  enter(): () => void {
    if (this.#underWay >= this.#limits.maxExports) {
      throw new HubError(
        'HUB_UNAVAILABLE',
        `${this.#underWay} large answers are under way; try again when one of them has ended, or take the monthly files at /dumps/`,
      );
    }
    this.#underWay++;
    let isOut = false;
    return () => {
      if (!isOut) this.#underWay--;
      isOut = true;
    };
  }
}

/** What routes that answer tables need. */
export interface TableRouteDeps extends RouteDeps {
  readonly desk: TableDesk;
}

export interface TableForm {
  readonly format: TableFormat;
  readonly style: CsvStyle;
  readonly terms: Terms;
  /** Name of the file, without its ending. */
  readonly name: string;
}

export interface TableAsk extends TableForm {
  readonly ask: SeriesAsk;
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
}

/** Where a page of these lists begins. Throws HUB_CURSOR_INVALID. */
export const placeIn = (span: SeriesAsk, cursor: string | undefined): Place | undefined => {
  const after = decodeCursor(CURSORS, cursor);
  if (after === undefined) return undefined;
  const [, time, id] = /^(-?\d{1,15}) (.+)$/s.exec(after) ?? [];
  const from = instantIn(time, span);
  if (id === undefined || from === undefined) throw cursorInvalid();
  return { id, from };
};

/** The link to the next page, whose span is that of the first also where it was left out. */
export const linkTo = (exchange: Exchange, { from, to }: SeriesAsk, next: Place | undefined): string | undefined =>
  next &&
  nextLink(exchange, {
    from: formatTime(from),
    to: formatTime(to),
    cursor: encodeCursor(CURSORS, `${next.from} ${next.id}`),
  });

/** A table in a format for programs: whole where it is small, else as a stream; nothing is cut off in silence. */
export const answerTable = async (exchange: Exchange, desk: TableDesk, table: TableAsk): Promise<FastifyReply> => {
  const { request, reply } = exchange;
  const { reader } = request;
  const { ask, format, style, terms, name, limit } = table;
  boundSpan(ask);
  const place = placeIn(ask, table.cursor);
  const writer = createTableWriter(format, { columns: columnsOf(ask), terms, style });
  const sending = { format, writer, name };
  void reply.header('vary', 'Accept');
  const rows = rowsOf(reader, ask, place);
  if (limit !== undefined) {
    const page = await pageOfRows(rows, limit);
    linkTo(exchange, ask, page.next);
    return sendWhole(exchange, sending, page.blocks);
  }
  const leave = desk.enter();
  try {
    const opening = await takeRows(rows, WHOLE_ROWS);
    if (opening.isAll) {
      leave();
      return sendWhole(exchange, sending, opening.blocks);
    }
    await boundRows(reader, ask, desk.maxRows);
    return sendStream(exchange, sending, { blocks: chained(opening.blocks, rows), onClose: leave });
  } catch (thrown) {
    leave();
    throw thrown;
  }
};

/** Observations of one datastream that were chosen from others, and how. */
export const answerDecimated = (
  exchange: Exchange,
  { stream, found, method }: { stream: Stream; found: Decimated; method: Decimation },
  { format, style, terms, name }: TableForm,
): FastifyReply => {
  void exchange.reply.header('vary', 'Accept');
  const told = { ...terms, decimated: { of: found.of, method } };
  const writer = createTableWriter(format, { columns: valueColumns, terms: told, style });
  return sendWhole(exchange, { format, writer, name }, [pointTable(stream, found.points)]);
};

/** Blocks up to some number of rows, and whether these were all. */
const takeRows = async (
  rows: AsyncGenerator<TableBlock>,
  limit: number,
): Promise<{ blocks: TableBlock[]; isAll: boolean }> => {
  const blocks: TableBlock[] = [];
  let held = 0;
  while (held <= limit) {
    const { value, done } = await rows.next();
    if (done) return { blocks, isAll: true };
    blocks.push(value);
    held += value.rows;
  }
  return { blocks, isAll: false };
};

async function* chained(opening: TableBlock[], rows: AsyncGenerator<TableBlock>): AsyncGenerator<TableBlock> {
  try {
    for (let block = opening.shift(); block; block = opening.shift()) yield block;
    yield* rows;
  } finally {
    await rows.return(undefined);
  }
}
