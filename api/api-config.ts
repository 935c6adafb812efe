import { z } from 'zod';

const proxy = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6(), z.enum(['loopback', 'linklocal', 'uniquelocal'])],
  'write an address or a block, e.g. 192.0.2.0/24',
);

const sse = z
  .strictObject({
    maxClients: z.number().int().min(1).max(100_000).default(500).describe('Live subscribers at the same time'),
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

/** Limits and openness of the HTTP interface; part of the hub's configuration. */
export const apiConfigSchema = z
  .strictObject({
    rateLimitPerMinute: z
      .number()
      .int()
      .min(1)
      .default(1_200)
      .describe('Requests per minute and client (address, or token where one is sent)'),
    corsOrigins: z
      .array(z.string())
      .default(['*'])
      .describe('Origins whose pages may read the API; ["*"] is everybody, as fits open data'),
    trustProxy: z.array(proxy).default([]).describe('Addresses of reverse proxies whose X-Forwarded-For is believed'),
    maxRows: z.number().int().min(1).max(100_000).default(10_000).describe('Observations or buckets in one answer'),
    maxBodyBytes: z.number().int().min(1_024).default(65_536).describe('Largest request body'),
    maxRegionBytes: z.number().int().min(1_024).default(33_554_432).describe('Largest body of a region import'),
    failedLoginsPerMinute: z
      .number()
      .int()
      .min(1)
      .default(10)
      .describe('Wrong secrets per minute for one token from one address before further ones are refused unread'),
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
      .describe('Contact shown in the API description'),
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
