import { z } from 'zod';

const MEBIBYTE = 1024 * 1024;

const port = z.number().int().min(0).max(65_535);

/** Of the embedded broker's connections as of the subscriber's own. At most what MQTT can number (packet identifiers). */
const maxInFlight = z
  .number()
  .int()
  .min(1)
  .max(65_535)
  .default(2_000)
  .describe('Messages of one connection that may wait for the journal; above it the connection is not read');

export const brokerConfigSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('Run the embedded MQTT broker'),
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on; beyond loopback every network needs a log-in'),
  port: port.default(1883).describe('TCP port; 0 takes any free one'),
  webSocket: z.boolean().default(true).describe('Also serve MQTT over WebSocket on the HTTP port, path /mqtt'),
  maxPacketBytes: z
    .number()
    .int()
    .min(1024)
    .max(256 * MEBIBYTE)
    .default(16 * MEBIBYTE)
    .describe('A larger MQTT packet closes its connection'),
  maxConnections: z.number().int().min(1).max(100_000).default(200).describe('Connections at a time'),
  maxInFlight,
  maxBufferedBytes: z
    .number()
    .int()
    .min(64 * 1024)
    .max(1024 * MEBIBYTE)
    .default(64 * MEBIBYTE)
    .describe('Bytes of all connections that may wait for the journal; above it none is read'),
  connectTimeoutMs: z
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(10_000)
    .describe('Time that a new connection has for its CONNECT packet'),
  publicReaders: z
    .boolean()
    .default(false)
    .describe('Let anybody without a log-in read open data, topics plietsch/v1/#, and nothing else'),
  maxReaders: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe('Such readers at a time; keep it well below maxConnections, which network servers need as well'),
  maxReadersPerAddress: z.number().int().min(1).max(100_000).default(20).describe('Such readers of one address'),
});
export type BrokerConfig = z.infer<typeof brokerConfigSchema>;

/** Another broker that carries the public feed on. */
export const publicFeedConfigSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^(mqtts?|wss?)$/, error: 'write mqtt://host:1883, mqtts://host:8883, ws:// or wss://' })
      .optional()
      .describe('Address of the broker; without it nothing is published elsewhere'),
    clientId: z.string().min(1).max(200).default('plietsch-public-feed').describe('Client id of the hub there'),
    username: z.string().max(500).optional().describe('Log-in there'),
    passwordFile: z.string().max(1_000).optional().describe('File that holds the password'),
    ca: z.string().optional().describe('PEM file of the authority that signed the certificate of the broker'),
    cert: z.string().optional().describe('PEM file of the client certificate'),
    key: z.string().optional().describe('PEM file of the key of the client certificate'),
    prefix: z
      .string()
      .regex(/^[^+#\0$/][^+#\0]{0,199}$/, 'write levels parted by /, without + and #')
      .default('plietsch/v1')
      .describe('First levels of the topics there, in place of plietsch/v1'),
    reconnectMs: z.number().int().min(10).max(3_600_000).default(5_000).describe('Pause before a new connection'),
  })
  .refine(({ url, ca, cert, key }) => /^(mqtts|wss):/.test(url ?? '') || (!ca && !cert && !key), {
    path: ['url'],
    error: 'certificates need mqtts:// or wss://, without which nothing is encrypted',
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    path: ['cert'],
    error: 'cert and key belong together',
  });
export type PublicFeedConfig = z.infer<typeof publicFeedConfigSchema>;

/** A subscription to the broker of a network server, or to one that both use. */
export const subscriberConfigSchema = z
  .strictObject({
    network: z.string().min(1).describe('Id of the network whose messages come this way'),
    url: z
      .url({ protocol: /^(mqtts?|wss?)$/, error: 'write mqtt://host:1883, mqtts://host:8883, ws:// or wss://' })
      .describe('Address of the broker'),
    clientId: z
      .string()
      .min(1)
      .max(200)
      .describe('Fixed client id: the broker keeps messages for it while the hub is away; no other client may use it'),
    username: z.string().max(500).optional(),
    password: z.string().max(1000).optional(),
    topics: z
      .array(z.string().min(1).max(500))
      .min(1)
      .max(50)
      .optional()
      .describe("Topic filters; default: the network's own"),
    qos: z
      .union([z.literal(0), z.literal(1)])
      .default(1)
      .describe(
        'Quality of service; The Things Stack knows only 0, at which messages sent while the hub is away are lost',
      ),
    ca: z.string().optional().describe('PEM file of the authority that signed the certificate of the broker'),
    cert: z.string().optional().describe('PEM file of the client certificate'),
    key: z.string().optional().describe('PEM file of the key of the client certificate'),
    keepaliveS: z
      .number()
      .int()
      .min(5)
      .max(3_600)
      .default(30)
      .describe('A broker silent for one and a half times this is given up'),
    maxInFlight,
    reconnectMinMs: z
      .number()
      .int()
      .min(10)
      .max(600_000)
      .default(1_000)
      .describe('Shortest pause before a new connection'),
    reconnectMaxMs: z
      .number()
      .int()
      .min(10)
      .max(3_600_000)
      .default(60_000)
      .describe('Longest pause before a new connection'),
  })
  .refine(({ url, ca, cert, key }) => /^(mqtts|wss):/.test(url) || (!ca && !cert && !key), {
    path: ['url'],
    error: 'certificates need mqtts:// or wss://, without which nothing is encrypted',
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    path: ['cert'],
    error: 'cert and key belong together',
  });
export type SubscriberConfig = z.infer<typeof subscriberConfigSchema>;

export const webhookConfigSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('Accept messages by POST /ingest/<network>'),
  maxBodyBytes: z
    .number()
    .int()
    .min(1024)
    .max(256 * MEBIBYTE)
    .default(16 * MEBIBYTE)
    .describe('A larger body is refused with 413'),
  retryAfterS: z.number().int().min(1).max(3_600).default(5).describe('Retry-After of an answer 503'),
});
export type WebhookConfig = z.infer<typeof webhookConfigSchema>;
