import type { Bucket } from '../../model/observation.ts';
import { ByteSink } from './byte-sink.ts';
import { createTestsText, createTimeText, numberText, qualityName } from './cell-text.ts';
import {
  type CellKind,
  type Column,
  type Figure,
  figureOf,
  streamCells,
  streamColumns,
  type TableBlock,
  type TableWriter,
} from './table.ts';
import { type Terms, termsObject } from './terms.ts';

type CellText = (value: number) => string;

const orNull: CellText = (value) => (Number.isNaN(value) ? 'null' : numberText(value));

const cellTexts = (): Readonly<Record<CellKind, CellText>> => {
  const time = createTimeText();
  return {
    time: (value) => `"${time(value)}"`,
    number: orNull,
    integer: orNull,
    quality: (flag) => `"${qualityName(flag)}"`,
    tests: createTestsText((tests) => JSON.stringify(tests)),
    truth: (value) => (value === 0 ? 'false' : 'true'),
  };
};

/** Usual length of a row. */
const ROW_BYTES = 256;
const encoder = new TextEncoder();

/** Writes the rows of a block as JSON objects with a text between them. */
const createRowWriter = (
  columns: readonly Column[],
  between: string,
): ((block: TableBlock, sink: ByteSink) => void) => {
  const texts = cellTexts();
  const keys = columns.map(({ name }) => `,${JSON.stringify(name)}:`);
  return ({ runs, cells }, sink) => {
    const of = columns.map(({ kind, from }, i) => ({
      key: keys[i] ?? '',
      text: texts[kind],
      values: cells[from] ?? [],
    }));
    for (const { stream, start, end } of runs) {
      const values = streamCells(stream);
      const members = streamColumns.flatMap((name, i) => (values[i] === undefined ? [] : [[name, values[i]] as const]));
      const head = encoder.encode(JSON.stringify(Object.fromEntries(members)).slice(0, -1));
      for (let row = start; row < end; row++) {
        let text = '';
        for (const { key, text: cell, values } of of) text += key + cell(values[row] as number);
        sink.bytes(head);
        sink.ascii(`${text}}${between}`);
      }
    }
  };
};

/** Buckets of one datastream as the last member of a JSON object that was begun. */
export const withBuckets = (
  begun: object,
  { buckets, wanted }: { buckets: readonly Bucket[]; wanted: readonly Figure[] },
): Buffer => {
  const time = createTimeText();
  const keys = wanted.map((figure) => `,"${figure}":`);
  const sink = new ByteSink(1_024 + buckets.length * (ROW_BYTES + wanted.length * 16));
  sink.bytes(encoder.encode(`${JSON.stringify(begun).slice(0, -1)},"buckets":[`));
  for (const [i, bucket] of buckets.entries()) {
    let text = `${i === 0 ? '' : ','}{"from":"${time(bucket.from)}","to":"${time(bucket.to)}"`;
    for (const [j, figure] of wanted.entries()) {
      const value = figureOf(bucket, figure);
      text += `${keys[j]}${value === null ? 'null' : numberText(value)}`;
    }
    sink.ascii(`${text}}`);
  }
  sink.ascii(']}');
  return sink.finish();
};

/** The rows of some blocks as members of a JSON array. */
export const jsonRows = (blocks: readonly TableBlock[], columns: readonly Column[]): string => {
  const write = createRowWriter(columns, ',');
  const sink = new ByteSink(ROW_BYTES * blocks.reduce((sum, { rows }) => sum + rows, 1));
  for (const block of blocks) write(block, sink);
  return sink.finish().toString().slice(0, -1);
};

/** Newline-delimited JSON: a line that says what follows, one line for each row, and a last line that counts them. */
export const createNdjsonWriter = (
  columns: readonly Column[],
  { header, terms }: { header: boolean; terms: Terms },
): TableWriter => {
  const write = createRowWriter(columns, '\n');
  let rows = 0;
  return {
    begin: () => encoder.encode(header ? `${JSON.stringify({ begin: true, ...termsObject(terms) })}\n` : ''),
    add: (block) => {
      rows += block.rows;
      const sink = new ByteSink(block.rows * ROW_BYTES);
      write(block, sink);
      return sink.finish();
    },
    end: () => encoder.encode(header ? `${JSON.stringify({ end: true, rows })}\n` : ''),
  };
};
