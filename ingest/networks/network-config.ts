import { z } from 'zod';
import { GENERIC_KIND, networkKinds } from './adapters.ts';
import { genericConfigSchema } from './generic-config.ts';

const kinds = networkKinds as [string, ...string[]];

const topicFilter = z
  .string()
  .min(1)
  .max(500)
  .regex(/^(?!\$)[^\0]+$/, 'a topic filter begins with no $ and holds no NUL')
  .regex(
    /^(?:[^+#/]*|\+)(?:\/(?:[^+#/]*|\+))*(?:\/#)?$/,
    '+ and # stand for whole levels, # only at the end, not alone',
  );

const secret = z.string().min(12, 'a secret has at least 12 characters').max(500);

/** One configured instance of a network server. */
export const networkConfigSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'use lower-case letters, digits and hyphens, 1 to 40 characters')
      .describe('Short name of this network; part of the webhook address /ingest/<id>'),
    kind: z.enum(kinds).describe(`Kind of network server: ${kinds.join(', ')}`),
    mqtt: z
      .strictObject({
        user: z
          .string()
          .min(1)
          .max(100)
          .describe('User name with which the network server logs in to the embedded broker'),
        password: secret.describe('Its password, 12 characters or more'),
      })
      .optional()
      .describe('Log-in to the embedded broker; absent: this network cannot use it'),
    webhookToken: secret
      .regex(/^[A-Za-z0-9\-._~+/]+=*$/, 'a bearer token has letters, digits and -._~+/ only (RFC 6750 §2.1)')
      .optional()
      .describe('Bearer token for POST /ingest/<id>, 12 characters or more; absent: this network has no webhook'),
    topics: z
      .strictObject({
        events: z
          .array(topicFilter)
          .min(1)
          .max(50)
          .optional()
          .describe('Topic filters of its messages, where they are not the usual ones'),
        downlinks: z.array(topicFilter).min(1).max(50).optional().describe('Topic filters on which it reads downlinks'),
      })
      .optional()
      .describe('MQTT topics of a network server whose topic templates were changed, e.g. by a prefix'),
    generic: genericConfigSchema
      .optional()
      .describe('Where messages of the kind generic have what the hub needs; for that kind only'),
  })
  .superRefine(({ kind, generic }, context) => {
    if (kind === GENERIC_KIND && !generic) {
      context.addIssue({
        code: 'custom',
        path: ['generic'],
        message: 'the kind generic needs to be told where to look',
      });
    }
    if (kind !== GENERIC_KIND && generic) {
      context.addIssue({ code: 'custom', path: ['generic'], message: `the kind ${kind} knows where to look` });
    }
  });
export type NetworkConfig = z.infer<typeof networkConfigSchema>;
