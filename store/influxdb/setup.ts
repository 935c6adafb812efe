import { HttpError } from '@influxdata/influxdb-client';
import { HubError } from '../../model/errors.ts';
import { DAY, HOUR, SECOND } from '../../model/time.ts';
import { InfluxConnection } from './connection.ts';
import type { InfluxSettings } from './influx-settings.ts';

/** A bucket of the hub, by its place in the InfluxQL database that has the name of the first one. */
export interface HubBucket {
  readonly name: string;
  /** Retention policy by which InfluxQL names it. */
  readonly policy: string;
  /** Days; null keeps everything. */
  readonly keepDays: number | null;
}

/** Days that the hub's own metrics are kept. */
const METRICS_KEEP_DAYS = 30;

export const derivedBucket = (bucket: string): string => `${bucket}_derived`;
export const metricsBucket = (bucket: string): string => `${bucket}_hub`;

export const hubBuckets = (bucket: string, keepDays: number | null): readonly HubBucket[] => [
  { name: bucket, policy: 'autogen', keepDays },
  { name: derivedBucket(bucket), policy: 'derived', keepDays: null },
  { name: metricsBucket(bucket), policy: 'hub', keepDays: METRICS_KEEP_DAYS },
];

interface ApiBucket {
  readonly id: string;
  readonly name: string;
  readonly orgID: string;
  readonly retentionRules: readonly { readonly type: string; readonly everySeconds: number }[];
}

interface Permission {
  readonly action: 'read' | 'write';
  readonly resource: { readonly type: string; readonly orgID: string; readonly id?: string };
}

export interface InitOptions {
  /** Of an administrator; the token in the settings is not used. */
  readonly adminToken: string;
  /** Also make the organisation, and the administrator with this token, on a server that has none yet. */
  readonly setUp?: { readonly username: string; readonly password: string } | undefined;
  readonly keepDays: number | null;
}

export interface InitReport {
  /** One line per thing that was made, changed or found in order. */
  readonly lines: readonly string[];
  /** Makes a token for the hub: reads and writes its buckets, nothing else. */
  createHubToken(): Promise<string>;
  /** Makes a token for Grafana: reads the hub's buckets. */
  createReaderToken(): Promise<string>;
}

/** InfluxDB counts whole seconds; 0 is for ever. */
const everySeconds = (keepDays: number | null): number =>
  keepDays === null ? 0 : Math.round((keepDays * DAY) / SECOND);

/** As InfluxDB chooses it for a new bucket; of one that it has, it refuses a retention below the span of its shards. */
const shardSeconds = (keepDays: number | null): number => {
  if (keepDays === null || keepDays >= 180) return (7 * DAY) / SECOND;
  return (keepDays < 2 ? HOUR : DAY) / SECOND;
};

/** Makes organisation, buckets, retention and InfluxQL names, each only where it is missing or differs. */
export const initInflux = async (settings: InfluxSettings, options: InitOptions): Promise<InitReport> => {
  const connection = new InfluxConnection({ ...settings, token: options.adminToken });
  const lines: string[] = [];
  if (options.setUp) lines.push(await firstSetUp(connection, options));
  const orgID = await orgIdOf(connection);
  const buckets: ApiBucket[] = [];
  for (const wanted of hubBuckets(settings.bucket, options.keepDays)) {
    const { bucket, did } = await ensureBucket(connection, orgID, wanted);
    buckets.push(bucket);
    lines.push(
      `bucket ${wanted.name}: ${did}, kept ${wanted.keepDays === null ? 'for ever' : `${wanted.keepDays} days`}`,
    );
    const mapped = await ensureMapping(connection, { bucket, database: settings.bucket, policy: wanted.policy });
    lines.push(`InfluxQL "${settings.bucket}"."${wanted.policy}": ${mapped}`);
  }
  const token = (description: string, actions: readonly Permission['action'][]) =>
    createToken(connection, { orgID, description, permissions: permissionsFor(orgID, { buckets, actions }) });
  return {
    lines,
    createHubToken: () => token(`plietsch hub, ${settings.bucket}`, ['read', 'write']),
    createReaderToken: () => token(`plietsch dashboards, ${settings.bucket}`, ['read']),
  };
};

const firstSetUp = async (connection: InfluxConnection, { adminToken, setUp }: InitOptions): Promise<string> => {
  const { allowed } = await connection.call<{ allowed: boolean }>('GET', '/api/v2/setup');
  if (!allowed) return 'server: set up already';
  const { org, bucket } = connection.settings;
  await connection.call('POST', '/api/v2/setup', { ...setUp, org, bucket, token: adminToken });
  return 'server: set up';
};

const orgIdOf = async (connection: InfluxConnection): Promise<string> => {
  const { org, url } = connection.settings;
  const { orgs } = await connection.call<{ orgs: { id: string; name: string }[] }>(
    'GET',
    `/api/v2/orgs?${new URLSearchParams({ org }).toString()}`,
  );
  const found = orgs.find(({ name }) => name === org);
  if (!found) throw new HubError('HUB_STORE_REFUSED', `InfluxDB at ${url} has no organisation "${org}"`);
  return found.id;
};

const findBucket = async (connection: InfluxConnection, name: string): Promise<ApiBucket | undefined> => {
  const { org } = connection.settings;
  const { buckets } = await connection
    .call<{ buckets?: ApiBucket[] }>('GET', `/api/v2/buckets?${new URLSearchParams({ org, name }).toString()}`)
    .catch((thrown: unknown) => {
      // Some versions answer 404 to a name that no bucket has.
      if (thrown instanceof HubError && thrown.cause instanceof HttpError && thrown.cause.statusCode === 404)
        return { buckets: [] };
      throw thrown;
    });
  return buckets?.find((bucket) => bucket.name === name);
};

const ensureBucket = async (
  connection: InfluxConnection,
  orgID: string,
  { name, keepDays }: HubBucket,
): Promise<{ bucket: ApiBucket; did: string }> => {
  // For ever is a rule too: without any, an existing bucket keeps the one that it has.
  const rule = { everySeconds: everySeconds(keepDays), shardGroupDurationSeconds: shardSeconds(keepDays) };
  const retentionRules = [{ type: 'expire', ...rule }];
  const found = await findBucket(connection, name);
  if (!found) {
    const bucket = await connection.call<ApiBucket>('POST', '/api/v2/buckets', { orgID, name, retentionRules });
    return { bucket, did: 'created' };
  }
  if (retentionOf(found) === everySeconds(keepDays)) return { bucket: found, did: 'in order' };
  await connection.call('PATCH', `/api/v2/buckets/${found.id}`, { retentionRules });
  return { bucket: found, did: 'retention changed' };
};

const retentionOf = ({ retentionRules }: ApiBucket): number => retentionRules[0]?.everySeconds ?? 0;

const ensureMapping = async (
  connection: InfluxConnection,
  { bucket, database, policy }: { bucket: ApiBucket; database: string; policy: string },
): Promise<string> => {
  const { id: bucketID, orgID } = bucket;
  const query = new URLSearchParams({ orgID, db: database, rp: policy });
  interface Mapping {
    readonly bucketID: string;
    readonly virtual: boolean;
  }
  const { content } = await connection.call<{ content?: Mapping[] }>('GET', `/api/v2/dbrps?${query.toString()}`);
  // A mapping that the server only assumes loses its place as the default to the first one that is made.
  if (content?.some((mapping) => mapping.bucketID === bucketID && !mapping.virtual)) return 'in order';
  const mapping = { orgID, bucketID, database, retention_policy: policy, default: policy === 'autogen' };
  await connection.call('POST', '/api/v2/dbrps', mapping);
  return 'created';
};

const permissionsFor = (
  orgID: string,
  { buckets, actions }: { buckets: readonly ApiBucket[]; actions: readonly Permission['action'][] },
): Permission[] => [
  ...buckets.flatMap(({ id }) =>
    actions.map((action): Permission => ({ action, resource: { type: 'buckets', orgID, id } })),
  ),
  // InfluxQL looks its database up among the mappings.
  { action: 'read', resource: { type: 'dbrp', orgID } },
];

const createToken = async (
  connection: InfluxConnection,
  authorization: { orgID: string; description: string; permissions: readonly Permission[] },
): Promise<string> => {
  const { token } = await connection.call<{ token: string }>('POST', '/api/v2/authorizations', authorization);
  return token;
};

/**
 * Checks with the hub's own token that its buckets are there and keep for as long as configured. Answers faults in words;
 * throws HUB_STORE_UNAVAILABLE, HUB_STORE_REFUSED.
 */
export const checkInflux = async (connection: InfluxConnection, keepDays: number | null): Promise<string[]> => {
  const faults: string[] = [];
  for (const { name, keepDays: days } of hubBuckets(connection.settings.bucket, keepDays)) {
    const bucket = await findBucket(connection, name);
    if (!bucket) {
      throw new HubError(
        'HUB_STORE_REFUSED',
        `InfluxDB has no bucket "${name}" that the hub may use: plietsch influx init`,
      );
    }
    if (retentionOf(bucket) !== everySeconds(days)) {
      faults.push(
        `bucket "${name}" does not keep ${days === null ? 'everything' : `${days} days`}: plietsch influx init`,
      );
    }
  }
  const { bucket } = connection.settings;
  for (const { policy } of hubBuckets(bucket, keepDays)) {
    // Answers without rows; fails where InfluxQL does not know the name.
    for await (const _ of connection.query(`SHOW MEASUREMENTS ON "${bucket}"."${policy}" LIMIT 1`)) break;
  }
  return faults;
};
