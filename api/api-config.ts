import { z } from 'zod';
import { oidcConfigSchema } from './oidc/oidc-config.ts';

const proxy = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6(), z.enum(['loopback', 'linklocal', 'uniquelocal'])],
  'write an address or a block, e.g. 192.0.2.0/24',
);

const sse = z
  .strictObject({
    maxClients: z.number().int().min(1).max(100_000).default(1_000).describe('Live subscribers at the same time'),
    maxPerAddress: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(100)
      .describe('Live subscribers of one address, so that nobody takes all places'),
    heartbeatS: z.number().min(1).max(300).default(15).describe('Seconds between two heartbeats of a stream'),
    bufferEvents: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(1_000)
      .describe('Events that wait for a slow subscriber before it is dropped'),
  })
  .prefault({});

const catalogue = z
  .strictObject({
    title: z.string().trim().min(1).max(200).optional().describe('Title of the catalogue'),
    description: z.string().trim().min(1).max(2_000).optional().describe('What the catalogue holds, in a sentence'),
    publisher: z
      .string()
      .max(80)
      .optional()
      .describe('Id of the municipality that publishes the catalogue; default: the one above most publishers'),
    contributorId: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        'dcatde:contributorID, under which GovData knows who delivers; default: the portal of the state that the official key names',
      ),
  })
  .prefault({});

const sensorThings = z
  .strictObject({
    write: z
      .enum(['admin', 'anyone'])
      .default('admin')
      .describe(
        'Who may create, change and delete entities: admins of the region; or anyone, as one, on a scratch hub that only this machine reaches',
      ),
  })
  .prefault({});

/** Limits and openness of the HTTP interface; part of the hub's configuration. */
export const apiConfigSchema = z
  .strictObject({
    rateLimitPerMinute: z
      .number()
      .int()
      .min(1)
      .default(1_200)
      .describe('Requests per minute of an address (IPv6: of a /64) without a key'),
    keyRateLimitPerMinute: z
      .number()
      .int()
      .min(1)
      .default(12_000)
      .describe('Requests per minute of a key or token, wherever it is used'),
    corsOrigins: z
      .array(z.string())
      .default(['*'])
      .describe('Origins whose pages may read the API; ["*"] is everybody, as fits open data'),
    trustProxy: z.array(proxy).default([]).describe('Addresses of reverse proxies whose X-Forwarded-For is believed'),
    maxRows: z.number().int().min(1).max(100_000).default(10_000).describe('Observations or buckets in one answer'),
    maxExportRows: z
      .number()
      .int()
      .min(1)
      .max(1_000_000_000)
      .default(10_000_000)
      .describe('Rows of one answer as CSV, NDJSON or Parquet; more is refused before it begins'),
    maxExports: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(8)
      .describe('Answers of more than 20,000 rows that are under way at the same time'),
    maxBodyBytes: z.number().int().min(1_024).default(65_536).describe('Largest request body'),
    maxRegionBytes: z.number().int().min(1_024).default(33_554_432).describe('Largest body of a region import'),
    failedLoginsPerMinute: z
      .number()
      .int()
      .min(1)
      .default(10)
      .describe('Wrong secrets per minute for one token from one address before further ones are refused unread'),
    oidc: oidcConfigSchema.optional().describe('Bearer tokens of an OpenID Connect issuer, beside those of the hub'),
    security: z
      .strictObject({
        contacts: z
          .array(z.url({ protocol: /^(?:https|mailto|tel)$/ }))
          .max(10)
          .default([])
          .describe(
            'Where to report a weakness, e.g. mailto:sicherheit@example.org; else the e-mail address of contact',
          ),
        policy: z
          .url({ protocol: /^https$/ })
          .optional()
          .describe('Page that says how reports are dealt with'),
      })
      .prefault({})
      .describe('What /.well-known/security.txt says (RFC 9116)'),
    sse: sse.describe('Live stream (server-sent events)'),
    contact: z
      .strictObject({
        name: z.string().max(200).optional().describe('Who runs this hub'),
        url: z
          .url({ protocol: /^https?$/ })
          .optional()
          .describe('Page of the operator'),
        email: z.email().optional().describe('Address for questions about the data'),
      })
      .default({})
      .describe('Contact shown in the API description, and in the catalogue where a dataset names none'),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        'Address under which the world reaches this hub, e.g. https://daten.example.org; else that of the request',
      ),
    publicMqttUrl: z
      .url({ protocol: /^(mqtts?|wss?)$/ })
      .optional()
      .describe('Address under which the world reaches the MQTT broker; without it, the catalogue does not offer MQTT'),
    sensorThings: sensorThings.describe('OGC SensorThings API'),
    catalogue: catalogue.describe('The catalogue of open data (DCAT-AP.de)'),
  })
  .describe('HTTP API');

export type ApiConfig = z.infer<typeof apiConfigSchema>;

/** What the API needs to know beside its own section of the configuration. */
export interface ApiSettings extends ApiConfig {
  /** IANA time zone of local calendar days. */
  readonly timeZone: string;
  readonly version: string;
  /** The region is simulated. */
  readonly demo: boolean;
}
