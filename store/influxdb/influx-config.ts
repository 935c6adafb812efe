import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import type { InfluxSettings } from './influx-settings.ts';
import { readSecret } from './secret-file.ts';

export const influxConfigSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8086')
    .describe('Address of the server; https for TLS'),
  org: z.string().min(1).max(200).default('plietsch').describe('Organisation in InfluxDB'),
  bucket: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,50}$/, 'use lower-case letters, digits, - and _')
    .default('plietsch')
    .describe(
      'Bucket of the observations, and database of InfluxQL; <bucket>_derived and <bucket>_hub stand beside it',
    ),
  token: z
    .string()
    .min(1)
    .optional()
    .describe('Token that may read and write these buckets; plietsch influx init makes one'),
  tokenFile: z
    .string()
    .min(1)
    .optional()
    .describe('File that holds the token instead; it is read again when InfluxDB refuses the token'),
  caFile: z.string().min(1).optional().describe('PEM file of the authority that signed the certificate'),
  timeoutMs: z
    .number()
    .int()
    .min(500)
    .max(120_000)
    .default(10_000)
    .describe('Milliseconds until a request counts as failed'),
  gzip: z.boolean().default(false).describe('Compress what is written: for servers behind a slow line'),
});

export type InfluxConfig = z.infer<typeof influxConfigSchema>;

/** The settings with the token at hand. Throws HUB_CONFIG_INVALID. */
export const influxSettings = ({ token, tokenFile, ...rest }: InfluxConfig): InfluxSettings => {
  const path = 'observations.influxdb.tokenFile';
  const secret = token ?? (tokenFile === undefined ? undefined : readSecret(tokenFile, path));
  if (secret === undefined) {
    throw new HubError(
      'HUB_CONFIG_INVALID',
      'observations.influxdb.token: name a token, or a file that holds it by tokenFile',
    );
  }
  if (rest.caFile !== undefined) readSecret(rest.caFile, 'observations.influxdb.caFile');
  // A token that is named wins over a file.
  return { ...rest, token: secret, ...(token === undefined && { tokenFile }) };
};
