import { existsSync, readFileSync } from 'node:fs';
import { Document, isMap, parseDocument, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { apiConfigSchema } from './api/api-config.ts';
import { dumpConfigSchema } from './api/dumps/dump-config.ts';
import { networkConfigSchema } from './ingest/networks/network-config.ts';
import { SENSOR_THINGS } from './ingest/networks/sensor-things.ts';
import {
  brokerConfigSchema,
  publicFeedConfigSchema,
  subscriberConfigSchema,
  webhookConfigSchema,
} from './ingest/transports/transport-config.ts';
import { type Fault, HubError } from './model/errors.ts';
import { influxConfigSchema } from './store/influxdb/influx-config.ts';

const days = z.number().positive().max(36_500).nullable().default(null);

/** The one description of the configuration: type, defaults, names of the variables and the printed file come from it. */
export const configSchema = z.strictObject({
  data: z.string().min(1).default('./data').describe('Folder that holds all state of the hub'),
  demo: z
    .boolean()
    .default(false)
    .describe('Run the simulated demo region; refused on a data folder with real devices'),
  timeZone: z
    .string()
    .refine(
      (zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC',
      'use an IANA name such as Europe/Berlin',
    )
    .default('Europe/Berlin')
    .describe('Time zone of local days, weeks and months'),
  log: z
    .strictObject({
      level: z
        .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
        .default('info')
        .describe('Least severe level that is logged'),
    })
    .prefault({})
    .describe('Structured log on standard output'),
  http: z
    .strictObject({
      host: z.string().default('127.0.0.1').describe('Address to listen on'),
      port: z.number().int().min(0).max(65_535).default(8080).describe('Port; 0 takes any free one'),
    })
    .prefault({})
    .describe('API, console and webhooks'),
  mqtt: brokerConfigSchema.prefault({}).describe('Embedded MQTT broker'),
  networks: z.array(networkConfigSchema).default([]).describe('Network servers that hand over uplinks'),
  subscribers: z.array(subscriberConfigSchema).default([]).describe('External brokers to subscribe to'),
  publicFeed: publicFeedConfigSchema.prefault({}).describe('Open data, published to another MQTT broker as well'),
  webhook: webhookConfigSchema.prefault({}).describe('POST /ingest/{network}'),
  ingest: z
    .strictObject({
      maxBodyBytes: z
        .number()
        .int()
        .min(4096)
        .max(16 * 1024 * 1024)
        .default(256 * 1024)
        .describe('A larger message is kept as a dead letter: its hash and first 4 KiB'),
      maxWaiting: z
        .number()
        .int()
        .min(1)
        .max(1_000_000)
        .default(10_000)
        .describe('Uplinks that may wait for the journal at once'),
    })
    .prefault({})
    .describe('The way into the journal'),
  journal: z
    .strictObject({ keepDays: days.describe('Days that raw messages are kept; null keeps them for ever') })
    .prefault({})
    .describe('What network servers handed over, verbatim'),
  observations: z
    .strictObject({
      keepDays: days.describe('Days that observations are kept; null keeps them for ever'),
      store: z
        .enum(['embedded', 'influxdb'])
        .default('embedded')
        .describe('Where they are kept: in the data folder, or in an InfluxDB 2 server'),
      influxdb: influxConfigSchema.prefault({}).describe('The InfluxDB 2 server'),
    })
    .prefault({})
    .describe('What became of it'),
  api: apiConfigSchema.prefault({}).describe('Limits and contact of the API'),
  dumps: dumpConfigSchema,
});

export type Config = z.infer<typeof configSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_FILE = 'plietsch.yaml';
const PREFIX = 'PLIETSCH_';
/** Variables with the prefix that are not settings of their own. */
const OTHER_VARIABLES = /^PLIETSCH_(CONFIG|TEST_.*)$/;

/** Reads file and variables; throws HUB_CONFIG_INVALID with every fault at once, each with path and hint. */
export const loadConfig = (environment: Environment = process.env): Config => {
  const file = environment.PLIETSCH_CONFIG;
  const faults: Fault[] = [];
  const settings = readFile(file, faults);
  applyEnvironment(settings, { environment, faults });
  const parsed = configSchema.safeParse(settings);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const path = issue.path.join('.');
      faults.push({
        path: path === '' ? '(file)' : path,
        message: issue.message,
        hint: `set it in the file or as ${variableOf(issue.path)}`,
      });
    }
  } else faults.push(...referenceFaults(parsed.data));
  if (faults.length > 0 || !parsed.success) {
    throw new HubError('HUB_CONFIG_INVALID', `The configuration has ${faults.length} fault(s)`, { faults });
  }
  return parsed.data;
};

const readFile = (named: string | undefined, faults: Fault[]): Record<string, unknown> => {
  const file = named ?? DEFAULT_FILE;
  if (!existsSync(file)) {
    if (named !== undefined) faults.push({ path: 'PLIETSCH_CONFIG', message: `There is no file ${file}` });
    return {};
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    faults.push({ path: file, message: `cannot be read: ${(thrown as Error).message}` });
    return {};
  }
  const document = parseDocument(text);
  for (const error of document.errors) {
    faults.push({
      path: file,
      message: error.message.split('\n')[0] ?? 'is no YAML',
      ...(error.linePos && { line: error.linePos[0].line }),
    });
  }
  if (document.errors.length > 0 || document.contents === null) return {};
  const value: unknown = document.toJS({ maxAliasCount: 20 });
  if (isMap(document.contents)) return value as Record<string, unknown>;
  faults.push({ path: file, message: 'The file must hold settings as name: value' });
  return {};
};

/** e.g. ingest.maxBodyBytes is PLIETSCH_INGEST_MAX_BODY_BYTES. */
const variableOf = (path: readonly PropertyKey[]): string =>
  PREFIX + path.map((part) => String(part).replace(/[A-Z]/g, '_$&').toUpperCase()).join('_');

interface Leaf {
  readonly path: readonly string[];
  readonly type: string;
}

/** zod wraps a type in defaults and the like; what it finally is decides how a variable's text is read. */
const unwrap = (schema: z.core.$ZodType): z.core.$ZodType => {
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType };
  return innerType ? unwrap(innerType) : schema;
};

const leavesOf = (schema: z.core.$ZodType, path: readonly string[] = []): Leaf[] => {
  const bare = unwrap(schema);
  if (bare instanceof z.ZodObject) {
    return Object.entries(bare.shape as Record<string, z.core.$ZodType>).flatMap(([name, member]) =>
      leavesOf(member, [...path, name]),
    );
  }
  return [{ path, type: bare._zod.def.type }];
};

const readText = (text: string, type: string): unknown => {
  if (type === 'boolean')
    return { on: true, true: true, '1': true, off: false, false: false, '0': false }[text.toLowerCase()] ?? text;
  if (type === 'number')
    return text === '' || text === 'null' ? null : Number.isNaN(Number(text)) ? text : Number(text);
  if (type === 'array')
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  return text;
};

const applyEnvironment = (
  settings: Record<string, unknown>,
  { environment, faults }: { environment: Environment; faults: Fault[] },
): void => {
  const leaves = new Map(leavesOf(configSchema).map((leaf) => [variableOf(leaf.path), leaf]));
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || OTHER_VARIABLES.test(name) || text === undefined) continue;
    const leaf = leaves.get(name);
    if (!leaf) {
      faults.push({ path: name, message: 'There is no such setting', hint: 'plietsch config print lists them' });
      continue;
    }
    let place = settings;
    for (const part of leaf.path.slice(0, -1)) {
      const inner = place[part];
      place[part] = inner !== null && typeof inner === 'object' ? inner : {};
      place = place[part] as Record<string, unknown>;
    }
    place[leaf.path.at(-1) as string] = readText(text, leaf.type);
  }
};

/** Every name that is referred to exists, once. */
const referenceFaults = (config: Config): Fault[] => {
  const faults: Fault[] = [];
  if (config.api.sensorThings.write === 'anyone' && !/^(localhost|127(\.\d{1,3}){3}|::1)$/.test(config.http.host)) {
    const message = `Anyone who reaches ${config.http.host} could change and delete everything`;
    faults.push({ path: 'api.sensorThings.write', message, hint: 'write admin, or listen on 127.0.0.1 only' });
  }
  const ids = config.networks.map((network) => network.id);
  for (const [i, network] of config.networks.entries()) {
    if (network.id === SENSOR_THINGS)
      faults.push({ path: `networks.${i}.id`, message: `"${network.id}" is the hub's own`, hint: 'use another name' });
    if (ids.indexOf(network.id) !== i)
      faults.push({ path: `networks.${i}.id`, message: `"${network.id}" is used twice` });
    const user = network.mqtt?.user;
    if (user !== undefined && config.networks.findIndex((other) => other.mqtt?.user === user) !== i) {
      const hint = 'a log-in belongs to one network';
      faults.push({ path: `networks.${i}.mqtt.user`, message: `"${user}" is used twice`, hint });
    }
  }
  for (const [i, subscriber] of config.subscribers.entries()) {
    if (!ids.includes(subscriber.network)) {
      faults.push({
        path: `subscribers.${i}.network`,
        message: `There is no network "${subscriber.network}"`,
        hint: 'add it under networks',
      });
    }
    const { url, clientId } = subscriber;
    if (config.subscribers.findIndex((other) => other.url === url && other.clientId === clientId) !== i) {
      const hint = 'a broker lets only one client of a name stay';
      faults.push({ path: `subscribers.${i}.clientId`, message: `"${clientId}" is used twice at this broker`, hint });
    }
  }
  return faults;
};

const SECRET = /password|token|secret|key$/i;
const HIDDEN = '(hidden)';

/** A copy without what must not be shown. */
export const hideSecrets = (value: unknown, name = ''): unknown => {
  if (Array.isArray(value)) return value.map((member) => hideSecrets(member, name));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, hideSecrets(member, key)]));
  }
  if (typeof value !== 'string') return value;
  // An address may carry a log-in: mqtt://user:password@host.
  return SECRET.test(name) ? HIDDEN : value.replace(/^([a-z]+:\/\/)[^/?#]*@/i, `$1${HIDDEN}@`);
};

const describe = (schema: z.core.$ZodType): string | undefined => z.globalRegistry.get(schema)?.description;

const comment = (map: YAMLMap, schema: z.core.$ZodType, path: readonly string[]): void => {
  const bare = unwrap(schema);
  if (!(bare instanceof z.ZodObject)) return;
  for (const pair of map.items) {
    const key = pair.key as { value: string; commentBefore?: string; spaceBefore?: boolean };
    const member = (bare.shape as Record<string, z.core.$ZodType>)[key.value];
    if (!member) continue;
    const here = [...path, key.value];
    const isGroup = isMap(pair.value);
    const text = [describe(member) ?? '', isGroup ? '' : variableOf(here)].filter((line) => line !== '');
    key.commentBefore = text.map((line) => ` ${line}`).join('\n');
    if (path.length === 0) key.spaceBefore = true;
    if (isGroup) comment(pair.value as YAMLMap, member, here);
  }
};

/** The effective configuration as a commented file; secrets are hidden. */
export const printConfig = (config: Config): string => {
  const document = new Document(hideSecrets(config));
  if (isMap(document.contents)) comment(document.contents, configSchema, []);
  return document.toString({ lineWidth: 120 });
};
