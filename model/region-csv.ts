import { CsvError, parse } from 'csv-parse/sync';
import type { Fault } from './errors.ts';
import { type RegionEntity, type RegionKind, refuse } from './region-entity.ts';
import { checkReferences, type Located, type Registered } from './region-references.ts';
import { registrySchemas } from './registry.ts';

export const csvTables = ['devices', 'sites'] as const;
export type CsvTable = (typeof csvTables)[number];

/** The columns of each table; the first row of the file names them, in any order. Shown by `region import-csv --help`. */
export const csvColumns: Readonly<Record<CsvTable, Readonly<Record<string, string>>>> = {
  sites: {
    id: 'readable identifier, lower-case letters, digits, hyphens',
    name: 'what people call the place',
    municipality: 'id of a municipality',
    latitude: 'degrees north (WGS 84); 54.41 or 54,41',
    longitude: 'degrees east (WGS 84); 10.22 or 10,22',
    address: 'optional',
  },
  devices: {
    devEui: '16 hexadecimal digits; blanks, hyphens and colons between them are ignored',
    profile: 'vendor/model of the device catalogue',
    name: 'optional',
    'parameter.<name>': 'optional, a parameter of the device',
    thing: 'optional, id of the thing that the device monitors',
    from: 'with thing: since when, 2026-03-02T07:15:31Z',
    'mounting.<name>': 'optional, a parameter of the mounting, e.g. mounting.emptyDistanceMm',
  },
};

const required: Readonly<Record<CsvTable, readonly string[]>> = {
  sites: ['id', 'name', 'municipality', 'latitude', 'longitude'],
  devices: ['devEui', 'profile'],
};

interface Row {
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
}

interface CsvOptions {
  readonly registered?: Registered;
  /** Largest file in characters. */
  readonly maxLength?: number;
}

/**
 * Reads a CSV file (UTF-8, with or without BOM, delimiter `,` or `;`, RFC 4180 quotes) of devices or sites. Throws
 * HUB_CSV_INVALID with every fault at once, each with its line. A device row with a thing becomes a deployment too.
 */
export const parseRegionCsv = (table: CsvTable, text: string, options: CsvOptions = {}): RegionEntity[] => {
  const { registered, maxLength = 20_000_000 } = options;
  if (text.length > maxLength)
    throw refuse('HUB_CSV_INVALID', [
      { path: '', message: `more than ${maxLength} characters`, hint: 'split it', line: 1 },
    ]);
  const faults: Fault[] = [];
  const rows = readRows(table, text, faults);
  const located = rows
    .flatMap((row) => (table === 'sites' ? [siteOf(row)] : devicesOf(row)))
    .map((raw) => locate(raw, faults));
  faults.push(...checkReferences(located, registered));
  if (faults.length > 0) throw refuse('HUB_CSV_INVALID', firstOfEachCell(faults));
  return located.flatMap(({ entity }) => (entity ? [entity] : []));
};

/** A device and its deployment come from one row: what is wrong in a cell is said once. */
const firstOfEachCell = (faults: readonly Fault[]): Fault[] => {
  const seen = new Set<string>();
  return faults.filter(({ line, path }) => seen.size < seen.add(`${line} ${path}`).size);
};

const readRows = (table: CsvTable, text: string, faults: Fault[]): Row[] => {
  const records = readRecords(text, faults);
  const [header, ...rest] = records;
  if (!header) {
    if (faults.length === 0)
      faults.push({ path: '', message: 'the file is empty', hint: `columns: ${namesOf(table)}`, line: 1 });
    return [];
  }
  const columns = header.cells.map((name) => columnOf(table, name));
  header.cells.forEach((name, i) => {
    const message =
      columns[i] === undefined ? `"${name}" is no column of ${table}` : `the column "${name}" stands twice`;
    if (columns[i] === undefined || columns.indexOf(columns[i]) !== i)
      faults.push({ path: name, message, hint: `columns: ${namesOf(table)}`, line: header.line });
  });
  for (const name of required[table])
    if (!columns.includes(name))
      faults.push({ path: name, message: `the column "${name}" is missing`, line: header.line });
  if (faults.length > 0) return [];
  return rest.flatMap(({ line, cells }) => {
    if (cells.length !== columns.length) {
      const hint = 'put a value that holds the delimiter in double quotes';
      faults.push({ path: '', message: `${cells.length} values, but ${columns.length} columns`, hint, line });
      return [];
    }
    const filled = columns.flatMap((name, i) => (name && cells[i] ? [[name, cells[i]] as const] : []));
    return [{ line, cells: new Map(filled) }];
  });
};

const namesOf = (table: CsvTable): string => Object.keys(csvColumns[table]).join(', ');

/** The column as documented, for a header in any case; parameters keep their name. */
const columnOf = (table: CsvTable, header: string): string | undefined => {
  const free = /^(parameter|mounting)\.([a-zA-Z][a-zA-Z0-9]{0,59})$/.exec(header);
  if (free) return table === 'devices' ? header : undefined;
  return Object.keys(csvColumns[table]).find(
    (name) => name.toLowerCase() === header.toLowerCase() && !name.includes('<'),
  );
};

const readRecords = (text: string, faults: Fault[]): { readonly line: number; readonly cells: readonly string[] }[] => {
  const firstLine = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const delimiter = firstLine.split(';').length > firstLine.split(',').length ? ';' : ',';
  try {
    const options = {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    } as const;
    const records = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    // csv-parse counts the line on which a record ends; a value in quotes may have begun earlier.
    return records
      .map(({ record, info }) => ({ line: info.lines - record.join('').split('\n').length + 1, cells: record }))
      .filter(({ cells }) => cells.some((cell) => cell !== ''));
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    faults.push({ path: '', message: thrown.message, line: typeof thrown.lines === 'number' ? thrown.lines : 1 });
    return [];
  }
};

interface Raw {
  readonly kind: RegionKind;
  readonly put: Record<string, unknown>;
  readonly line: number;
  /** Columns from which fields come that are called otherwise. */
  readonly columns: Readonly<Record<string, string>>;
}

/**
 * A number written with a decimal point or, as in German lists, a comma. Anything else stays text, and so do digits that
 * a number would not give back: serial numbers with leading zeros or more than fifteen digits.
 */
const numberOf = (text: string | undefined): number | string | undefined =>
  text !== undefined && /^[+-]?(?:0|[1-9]\d{0,14})(?:[.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : text;

const siteOf = ({ line, cells }: Row): Raw => ({
  kind: 'site',
  line,
  columns: { 'geometry.coordinates.0': 'longitude', 'geometry.coordinates.1': 'latitude' },
  put: {
    id: cells.get('id'),
    name: cells.get('name'),
    municipality: cells.get('municipality'),
    geometry: { type: 'Point', coordinates: [numberOf(cells.get('longitude')), numberOf(cells.get('latitude'))] },
    ...(cells.has('address') && { address: cells.get('address') }),
  },
});

const devicesOf = (row: Row): Raw[] => {
  const { line, cells } = row;
  const devEui = cells
    .get('devEui')
    ?.replace(/[\s:-]/g, '')
    .toLowerCase();
  const name = cells.get('name');
  const put = {
    id: devEui,
    ...(name && { name }),
    profile: cells.get('profile'),
    parameters: prefixed(row, 'parameter.'),
  };
  const device: Raw = { kind: 'device', put, line, columns: { id: 'devEui' } };
  const thing = cells.get('thing');
  if (thing === undefined) return [device];
  const from = cells.get('from');
  // The longest thing's id would leave no room for the rest in an id of 80 characters.
  const id = `${thing.slice(0, 52)}-${devEui}-${(from ?? '').slice(0, 10)}`;
  const deployment = { id, device: devEui, thing, from, parameters: prefixed(row, 'mounting.') };
  return [device, { kind: 'deployment', put: deployment, line, columns: { id: 'devEui', device: 'devEui' } }];
};

const prefixed = ({ cells }: Row, prefix: string): Record<string, unknown> =>
  Object.fromEntries(
    [...cells]
      .filter(([column]) => column.startsWith(prefix))
      .map(([column, text]) => [
        column.slice(prefix.length),
        text === 'true' || text === 'false' ? text === 'true' : numberOf(text),
      ]),
  );

const locate = ({ kind, put, line, columns }: Raw, faults: Fault[]): Located & { readonly entity?: RegionEntity } => {
  const columnAt = (field: string): string => columns[field] ?? field;
  const parsed = registrySchemas[kind].safeParse(put);
  const given = (path: readonly PropertyKey[]): unknown =>
    path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], put);
  if (!parsed.success)
    for (const { path, message } of parsed.error.issues) {
      const missing = given(path) === undefined;
      faults.push({ path: columnAt(path.join('.')), message: missing ? 'a value is missing' : message, line });
    }
  return {
    kind,
    put,
    at: (field = '') => ({ path: columnAt(field), line }),
    ...(parsed.success && { entity: { kind, put: parsed.data } as RegionEntity }),
  };
};
