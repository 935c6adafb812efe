import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { createTestsText, qualityName } from './cell-text.ts';
import { type CellKind, type Column, streamCells, streamColumns, type TableBlock, type TableWriter } from './table.ts';
import { type Terms, termsObject } from './terms.ts';

/** Rows of a row group: as many as are encoded without holding up others for long. */
const GROUP_ROWS = 4_096;

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];
type ColumnSource = Parameters<ParquetWriter['write']>[0]['columnData'][number];

const required = { repetition_type: 'REQUIRED' } as const;
const optional = { repetition_type: 'OPTIONAL' } as const;
const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;

/** https://parquet.apache.org/docs/file-format/types/logicaltypes/: TIMESTAMP_MILLIS is an instant, in UTC. */
const typeOf = ({ name, kind }: Column): SchemaElement => {
  switch (kind) {
    case 'time':
      return { name, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', ...required };
    case 'number':
      return { name, type: 'DOUBLE', ...optional };
    case 'integer':
      return { name, type: 'INT32', ...required };
    case 'truth':
      return { name, type: 'BOOLEAN', ...required };
    case 'quality':
    case 'tests':
      return { name, ...text, ...required };
  }
};

type Cells = TableBlock['cells'][string];

/** Cells as the library takes them; NaN is null there. */
const encodings = (): Readonly<Record<CellKind, (cells: Cells) => Omit<ColumnSource, 'name'>>> => {
  const testsText = createTestsText((tests) => tests.join(' '));
  return {
    time: (cells) => ({
      data: BigInt64Array.from(cells, (time) => BigInt(time)),
      encoding: 'DELTA_BINARY_PACKED',
      // Readers skip groups of other times by it.
      statistics: true,
    }),
    number: (cells) => ({
      // Numbers alone need no object each.
      data: cells.includes(Number.NaN) ? Array.from(cells, (value) => (Number.isNaN(value) ? null : value)) : cells,
      encoding: 'PLAIN',
    }),
    integer: (cells) => ({ data: Int32Array.from(cells) }),
    quality: (cells) => ({ data: Array.from(cells, qualityName) }),
    tests: (cells) => ({ data: Array.from(cells, testsText) }),
    truth: (cells) => ({ data: Array.from(cells, (value) => value !== 0) }),
  };
};

/** The cells of one name in all blocks, end to end. */
const joined = (blocks: readonly TableBlock[], { from }: Column): Cells => {
  const [first, ...others] = blocks.map(({ cells }) => cells[from] ?? new Float64Array());
  if (!first || others.length === 0) return first ?? new Float64Array();
  const whole = new Float64Array(blocks.reduce((sum, { rows }) => sum + rows, 0));
  let offset = 0;
  for (const cells of [first, ...others]) {
    whole.set(cells, offset);
    offset += cells.length;
  }
  return whole;
};

/** The datastream's own cells in every row of it. */
const streamSources = (blocks: readonly TableBlock[], rows: number): ColumnSource[] => {
  const columns = streamColumns.map(() => Array<string | undefined>(rows));
  let offset = 0;
  for (const { runs, rows: inBlock } of blocks) {
    for (const { stream, start, end } of runs) {
      for (const [i, cell] of streamCells(stream).entries()) columns[i]?.fill(cell, offset + start, offset + end);
    }
    offset += inBlock;
  }
  return streamColumns.map((name, i) => ({ name, data: columns[i] ?? [] }));
};

/** Parquet in row groups of some thousand rows: each is given away before the next is encoded. */
export const createParquetWriter = (columns: readonly Column[], { terms }: { terms: Terms }): TableWriter => {
  const bytes = new ByteWriter(1 << 18);
  const sources = encodings();
  let waiting: TableBlock[] = [];
  let file: ParquetWriter | undefined;
  const take = (): Uint8Array => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  const opened = (): ParquetWriter => {
    file ??= new ParquetWriter({
      writer: bytes,
      schema: [
        { name: 'root', num_children: streamColumns.length + columns.length },
        ...streamColumns.map((name) => ({ name, ...text, ...(name === 'channel' ? optional : required) })),
        ...columns.map(typeOf),
      ],
      statistics: false,
      kvMetadata: [{ key: 'plietsch', value: JSON.stringify(termsObject(terms)) }],
      createdBy: 'plietsch',
    });
    return file;
  };
  const encode = (): void => {
    const rows = waiting.reduce((sum, block) => sum + block.rows, 0);
    if (rows === 0) return;
    const columnData = [
      ...streamSources(waiting, rows),
      ...columns.map((column) => ({ name: column.name, ...sources[column.kind](joined(waiting, column)) })),
    ].map((source): ColumnSource => ({ ...source, offsetIndex: false }));
    waiting = [];
    void opened().write({ columnData, rowGroupSize: rows });
  };
  return {
    begin: () => {
      opened();
      return take();
    },
    add: (block) => {
      waiting.push(block);
      if (waiting.reduce((sum, { rows }) => sum + rows, 0) >= GROUP_ROWS) encode();
      return take();
    },
    end: () => {
      encode();
      void opened().finish();
      return take();
    },
  };
};
