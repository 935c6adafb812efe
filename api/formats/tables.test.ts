import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { type Dataset, datasetSchema } from '../../model/registry.ts';
import type { StreamBlock } from '../series/stream-blocks.ts';
import type { Stream } from '../visibility.ts';
import { commentLine, textCell } from './csv.ts';
import { bucketColumns, bucketTable, figures, firstRows, type TableBlock, valueColumns, valueTable } from './table.ts';
import { createTableWriter, type TableFormat, type TableSettings } from './table-writer.ts';

const dataset: Dataset = datasetSchema.parse({
  id: 'levels',
  title: { de: 'Pegel; =1+1', en: 'Levels, =1+1' },
  description: { de: 'd', en: 'd' },
  publisher: 'laboe',
  licence: 'CC-BY-4.0',
  attribution: 'Kreis "Plön"',
  members: {},
});

const stream = (thing: string, channel?: string) =>
  ({
    datastream: {
      id: `${thing}.level`,
      key: 1,
      thing,
      property: 'level',
      unit: 'm',
      ...(channel !== undefined && { channel }),
    },
    thing: { id: thing },
    datasets: [dataset],
    delayMs: 0,
  }) as unknown as Stream;

const T0 = Date.UTC(2026, 2, 2, 12);

/** Rows of some datastreams: each has a value that none other has. */
const blockOf = (streams: readonly [Stream, number][], first = 0): StreamBlock => {
  const rows = streams.reduce((sum, [, n]) => sum + n, 0);
  let start = 0;
  const runs = streams.map(([of, n]) => {
    const run = { stream: of, start, end: start + n };
    start += n;
    return run;
  });
  const row = (cell: (i: number) => number) => Float64Array.from({ length: rows }, (_, i) => cell(first + i));
  return {
    rows,
    runs,
    times: row((i) => T0 + i * 1_000 + 7),
    values: row((i) => (i % 5 === 3 ? Number.NaN : i / 4 - 1)),
    flags: Uint8Array.from({ length: rows }, (_, i) => ((first + i) % 5 === 3 ? 9 : 1)),
    tests: Uint32Array.from({ length: rows }, (_, i) => ((first + i) % 5 === 3 ? 33 : 0)),
    withheld: Uint8Array.from({ length: rows }, (_, i) => ((first + i) % 10 === 3 ? 1 : 0)),
  };
};

const settings = (style: Partial<TableSettings['style']> = {}): TableSettings => ({
  columns: valueColumns,
  terms: { from: T0, to: T0 + 9e6, quality: ['pass', 'missing'], excluded: ['fail'], datasets: [dataset] },
  style: { decimal: 'point', header: true, bom: false, language: 'en', ...style },
});

const write = (format: TableFormat, blocks: readonly TableBlock[], options = settings()): Buffer => {
  const writer = createTableWriter(format, options);
  return Buffer.concat([writer.begin(), ...blocks.map((block) => writer.add(block)), writer.end()]);
};

const two = valueTable(
  blockOf([
    [stream('a'), 3],
    [stream('b', 'ü-1'), 2],
  ]),
);

describe('CSV', () => {
  it('has its terms before and the count of rows behind, and cells for people and programs', () => {
    expect(write('csv', [two]).toString().split('\r\n')).toEqual([
      '# Observations from 2026-03-02T12:00:00.000Z to before 2026-03-02T14:30:00.000Z (UTC)',
      '# Quality: pass missing (left out: fail)',
      '# Units (UCUM) are in the column unit',
      "# Dataset levels | Levels, '=1+1 | CC-BY-4.0 https://creativecommons.org/licenses/by/4.0/ | Kreis 'Plön'",
      'datastream,thing,property,channel,unit,phenomenonTime,value,flag,quality,failedTests,withheld',
      'a.level,a,level,,m,2026-03-02T12:00:00.007Z,-1,1,pass,,false',
      'a.level,a,level,,m,2026-03-02T12:00:01.007Z,-0.75,1,pass,,false',
      'a.level,a,level,,m,2026-03-02T12:00:02.007Z,-0.5,1,pass,,false',
      'b.level,b,level,ü-1,m,2026-03-02T12:00:03.007Z,,9,missing,grossRange sentinel,true',
      'b.level,b,level,ü-1,m,2026-03-02T12:00:04.007Z,0,1,pass,,false',
      '# end: 5 rows',
      '',
    ]);
  });

  it('is what a German spreadsheet reads', () => {
    const text = write('csv', [two], settings({ decimal: 'comma', bom: true, language: 'de' })).toString();
    expect(text.startsWith('\uFEFF# Beobachtungen von ')).toBe(true);
    expect(text).toContain("# Datensatz levels | Pegel; '=1+1 |");
    expect(text).toContain('\r\na.level;a;level;;m;2026-03-02T12:00:01.007Z;-0,75;1;pass;;false\r\n');
    expect(text.endsWith('\r\n# Ende: 5 Zeilen\r\n')).toBe(true);
  });

  it('is without lines for people only names and rows', () => {
    const lines = write('csv', [two], settings({ header: false }))
      .toString()
      .split('\r\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toMatch(/^datastream,/);
  });

  it('gives back every text to a reader of CSV, and no cell of text to a spreadsheet as a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(',', ';'), (text, separator) => {
        const [cells] = parse(`${textCell(text, separator)}${separator}x`, {
          delimiter: separator,
          relax_column_count: true,
        });
        expect(cells).toHaveLength(2);
        const [cell = ''] = cells as string[];
        expect(cell === text || cell === `'${text}`).toBe(true);
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
    for (const text of ['=1', '+1', '-1', '@x', '\t=1', '\r=1'])
      expect(textCell(text, ',').replace(/^"/, '')).toMatch(/^'/);
  });

  it('has one line for each line for people, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('=', ',', ';', '"', '\r', '\n', '\t', ' ', 'a', '-', '@') }),
        (text) => {
          const line = commentLine(text);
          expect(line).toMatch(/^# [^\r\n"]*\r\n$/);
          for (const cell of line.split(/[,;]/).slice(1)) expect(cell.trimStart()).not.toMatch(/^[=+\-@]/);
        },
      ),
    );
  });
});

describe('NDJSON', () => {
  it('says at first what follows and at last that it was all', () => {
    const lines = write('ndjson', [two])
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines[0]).toMatchObject({
      begin: true,
      excluded: ['fail'],
      datasets: [{ id: 'levels', licence: 'CC-BY-4.0' }],
    });
    expect(lines[1]).toEqual({
      datastream: 'a.level',
      thing: 'a',
      property: 'level',
      unit: 'm',
      phenomenonTime: '2026-03-02T12:00:00.007Z',
      value: -1,
      flag: 1,
      quality: 'pass',
      failedTests: [],
      withheld: false,
    });
    expect(lines[4]).toMatchObject({
      channel: 'ü-1',
      value: null,
      failedTests: ['grossRange', 'sentinel'],
      withheld: true,
    });
    expect(lines.at(-1)).toEqual({ end: true, rows: 5 });
    expect(
      write('ndjson', [two], settings({ header: false }))
        .toString()
        .trimEnd()
        .split('\n'),
    ).toHaveLength(5);
  });
});

describe('Parquet', () => {
  const fileOf = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

  it('gives back every row, whatever the blocks in which it came', async () => {
    const [a, b] = [stream('a'), stream('b', 'x')];
    const blocks = [
      blockOf([[a, 3_000]]),
      blockOf(
        [
          [a, 2_010],
          [b, 9_000],
        ],
        3_000,
      ),
      blockOf([[b, 1]], 14_010),
    ];
    const file = fileOf(write('parquet', blocks.map(valueTable)));
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(14_011);
    expect(rows[3]).toEqual({
      datastream: 'a.level',
      thing: 'a',
      property: 'level',
      channel: null,
      unit: 'm',
      phenomenonTime: new Date(T0 + 3_007),
      value: null,
      flag: 9,
      quality: 'missing',
      failedTests: 'grossRange sentinel',
      withheld: true,
    });
    expect(rows[5_010]).toMatchObject({
      datastream: 'b.level',
      channel: 'x',
      value: 5_010 / 4 - 1,
      flag: 1,
      failedTests: '',
    });
    expect(rows.map(({ phenomenonTime }) => Number(phenomenonTime))).toEqual(rows.map((_, i) => T0 + i * 1_000 + 7));
    const { key_value_metadata: told, row_groups: groups } = parquetMetadata(file);
    expect(JSON.parse(told?.find(({ key }) => key === 'plietsch')?.value ?? '')).toMatchObject({ excluded: ['fail'] });
    expect(groups.map(({ num_rows }) => Number(num_rows))).toEqual([14_010, 1]);
  });

  it('is a file also without rows', async () => {
    expect(await parquetReadObjects({ file: fileOf(write('parquet', [])) })).toEqual([]);
  });
});

it('writes buckets in every format, empty ones too', async () => {
  const flags = { 1: 2, 2: 1, 3: 1, 4: 0, 9: 0 };
  const empty = { n: 0, min: null, max: null, mean: null, sum: null, first: null, last: null, coverage: 0 };
  const buckets = [
    {
      from: T0,
      to: T0 + 1,
      n: 4,
      min: 1,
      max: 3,
      mean: 2,
      sum: 8,
      first: 1,
      last: 3,
      coverage: 0.5,
      flags,
      withheld: 1,
    },
    { from: T0 + 1, to: T0 + 2, ...empty, flags: { 1: 0, 2: 0, 3: 0, 4: 0, 9: 0 } },
  ];
  const table = bucketTable(stream('a'), { buckets, wanted: figures });
  const options = { ...settings(), columns: bucketColumns(figures) };
  const csv = write('csv', [table], options).toString().split('\r\n');
  expect(csv.at(-4)).toBe(
    'a.level,a,level,,m,2026-03-02T12:00:00.000Z,2026-03-02T12:00:00.001Z,2,1,3,8,1,3,4,0.5,0.75,1',
  );
  expect(csv.at(-3)).toBe('a.level,a,level,,m,2026-03-02T12:00:00.001Z,2026-03-02T12:00:00.002Z,,,,,,,0,0,,0');
  const file = new Uint8Array(write('parquet', [table], options)).buffer;
  expect(await parquetReadObjects({ file })).toMatchObject([
    { mean: 2, n: 4, qualityShare: 0.75, withheld: 1 },
    { mean: null, n: 0, qualityShare: null, withheld: 0 },
  ]);
});

it('cuts a block to its first rows', () => {
  const cut = firstRows(two, 4);
  expect([cut.rows, cut.runs.map(({ start, end }) => [start, end])]).toEqual([
    4,
    [
      [0, 3],
      [3, 4],
    ],
  ]);
  expect(cut.cells.times).toHaveLength(4);
  expect(firstRows(two, 3).runs).toHaveLength(1);
});
