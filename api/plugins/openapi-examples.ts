/** A JSON Schema (2020-12), or what a description may hold in its place. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type Schemas = Readonly<Record<string, JsonSchema>>;

/** What things are called in a region by the sea; by the name of the member or parameter. */
const byName: Readonly<Record<string, unknown>> = {
  address: 'Strandstraße 1',
  attribution: 'Gemeinde Laboe',
  channel: '1',
  code: 'HUB_NOT_FOUND',
  codec: 'milesight/em400-tld@1',
  coordinates: [10.2295, 54.4087],
  datasheet: 'https://example.org/em400-tld.pdf',
  dataset: 'water-levels',
  datastream: 'gauge-laboe.water_level',
  deployment: 'gauge-laboe-1',
  description: 'Water level in the harbour of Laboe',
  detail: 'There is no thing "gauge-1"',
  devEui: '24e124713b000001',
  device: '24e124713b000001',
  email: 'daten@example.org',
  file: '/var/backups/plietsch.db',
  hex: '0175620367f600',
  id: 'gauge-laboe',
  instance: '/api/v1/things/gauge-1',
  kind: 'gauge',
  label: 'first',
  licence: 'dl-de/by-2-0',
  lang: 'de',
  limit: 100,
  message: 'write a time as 2026-03-02T07:15:31Z',
  model: 'em400-tld',
  municipality: 'laboe',
  name: 'Harbour gauge Laboe',
  network: 'north',
  next: '/api/v1/things?limit=100&cursor=things.gauge-laboe',
  part: 'journal',
  path: 'query.from',
  position: 435_089,
  profile: 'milesight/em400-tld',
  property: 'water_level',
  publisher: 'laboe',
  reason: 'The codec was corrected',
  site: 'laboe-harbour',
  status: 404,
  thing: 'gauge-laboe',
  timeZone: 'Europe/Berlin',
  title: 'Water levels',
  token: 'plt_0123456789abcdef_shown-once-when-the-token-is-created-0000000',
  transports: 'mqtt',
  type: 'urn:plietsch:problem:HUB_NOT_FOUND',
  unit: 'm',
  url: 'https://daten.example.org',
  value: 0.42,
  vendor: 'milesight',
  version: '1',
};

/** Tried in turn where a pattern is given that the name's own value does not have. */
const texts = [
  'gauge-laboe',
  'milesight/em400-tld',
  '24e124713b000001',
  '2026-03-02',
  '2026-03-02T07:15:31Z',
  'water_level',
  '1',
  '1d',
  '01057048',
  '1.0.0',
  'laboe',
  '0175',
  'ok',
  '10.1,54.2,10.4,54.5',
];

const byFormat: Readonly<Record<string, string>> = {
  'date-time': '2026-03-02T07:15:31Z',
  date: '2026-03-02',
  uri: 'https://daten.example.org/data',
  email: 'daten@example.org',
  uuid: '0b0f7c1e-6f6f-4a44-9c5e-2f0f7f1f9a11',
};

/** Deeper members of what is nested in itself are left out. */
const DEEPEST = 8;

interface Place {
  readonly name: string;
  readonly depth: number;
}

/** A value that a schema takes, made of names that speak; undefined where none is found. */
export const exampleOf = (
  schema: JsonSchema,
  schemas: Schemas,
  { name, depth }: Place = { name: '', depth: 0 },
): unknown => {
  const within = (inner: unknown, place: Place = { name, depth: depth + 1 }): unknown =>
    depth > DEEPEST ? undefined : exampleOf((inner ?? {}) as JsonSchema, schemas, place);
  if (typeof schema.$ref === 'string') return within(schemas[schema.$ref.split('/').at(-1) ?? '']);
  const given = schema.example ?? (schema.examples as unknown[] | undefined)?.[0] ?? schema.const;
  if (given !== undefined) return given;
  if (Array.isArray(schema.enum)) return schema.enum.includes(byName[name]) ? byName[name] : schema.enum[0];
  const choices = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (choices) return within(choices.find(({ type }) => type !== 'null'));
  if (Array.isArray(schema.allOf)) return Object.assign({}, ...schema.allOf.map((one) => within(one)));
  const type = [schema.type].flat().find((one) => one !== 'null');
  if (type === 'object') return objectOf(schema, (inner, member) => within(inner, { name: member, depth: depth + 1 }));
  if (type === 'array') return arrayOf(schema, (inner) => within(inner));
  if (type === 'string') return textOf(schema, name);
  if (type === 'integer' || type === 'number') return numberOf(schema, name);
  if (type === 'boolean') return schema.default ?? false;
  if (type === 'null') return null;
  return schema.default ?? byName[name] ?? {};
};

const objectOf = (schema: JsonSchema, within: (inner: unknown, name: string) => unknown): object => {
  const members = Object.entries((schema.properties ?? {}) as Record<string, unknown>).map(
    ([name, inner]) => [name, within(inner, name)] as const,
  );
  const known = Object.fromEntries(members.filter(([, value]) => value !== undefined));
  const others = schema.additionalProperties;
  if (members.length > 0 || others === null || typeof others !== 'object') return known;
  const name = exampleOf(
    (schema.propertyNames ?? { type: 'string' }) as JsonSchema,
    {},
    { name: 'property', depth: 0 },
  );
  return { [String(name)]: within(others, String(name)) };
};

const arrayOf = (schema: JsonSchema, within: (inner: unknown) => unknown): unknown[] => {
  if (Array.isArray(schema.prefixItems)) return schema.prefixItems.map(within);
  const one = within(schema.items);
  return one === undefined ? [] : Array<unknown>(Math.max(1, Number(schema.minItems ?? 1))).fill(one);
};

const textOf = ({ format, pattern, minLength, maxLength, default: usual }: JsonSchema, name: string): unknown => {
  const named = byName[name];
  const fits = (text: unknown): text is string =>
    typeof text === 'string' &&
    (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text)) &&
    text.length >= Number(minLength ?? 0) &&
    text.length <= Number(maxLength ?? Number.POSITIVE_INFINITY);
  const formatted = typeof format === 'string' ? byFormat[format] : undefined;
  return [
    formatted,
    usual,
    named,
    /(?:At|from|to|since|until|[tT]ime|Seen)$/.test(name) ? byFormat['date-time'] : undefined,
    ...texts,
  ].find(fits);
};

const numberOf = (schema: JsonSchema, name: string): number => {
  const named = byName[name] ?? schema.default;
  const least = Number(schema.minimum ?? schema.exclusiveMinimum ?? Number.NEGATIVE_INFINITY);
  const most = Number(schema.maximum ?? schema.exclusiveMaximum ?? Number.POSITIVE_INFINITY);
  const wanted = typeof named === 'number' ? named : 1;
  const value = Math.min(Math.max(wanted, least), most);
  if (value === schema.exclusiveMinimum) return value + 1;
  return schema.type === 'integer' ? Math.round(value) : value;
};
