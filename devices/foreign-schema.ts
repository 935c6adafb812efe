import { z } from 'zod';
import { HubError } from '../model/errors.ts';
import { instantSchema, parametersSchema } from '../model/registry.ts';
import { deviceProfileSchema } from './profile.ts';
import { dialects } from './sandbox/dialects.ts';

/** First part of the id of every foreign profile: no room of this folder may be called so. */
export const FOREIGN_VENDOR = 'custom';

/** Whether a device profile is one that an operator brought. */
export const isForeign = (profile: string): boolean => profile.startsWith(`${FOREIGN_VENDOR}/`);

const MAX_SCRIPT_BYTES = 256 * 1024;
const MAX_VECTORS = 200;
const MAX_FIELDS = 500;

const vector = z
  .strictObject({
    fPort: z.number().int().min(0).max(255),
    hex: z
      .string()
      .regex(/^([0-9a-fA-F]{2}){0,255}$/, 'whole bytes of 0-9 a-f, at most 255')
      .default(''),
    decoded: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('What the network server answers for this frame, for a codec with `fromNetwork`'),
    receivedAt: instantSchema.optional().describe('Time of reception, the only clock of the script'),
    variables: parametersSchema.optional().describe('Parameters of the device, as the script reads them'),
    expected: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Members that the answer must have, with these values; it may have more'),
    values: z
      .record(z.string(), z.number().nullable())
      .optional()
      .describe('Values by observed property (property.channel where it has one), in the unit of the property'),
  })
  .refine(({ expected, values }) => expected !== undefined || values !== undefined, 'give expected or values');

const foreignProfile = deviceProfileSchema.superRefine(({ id, aliases, stateHorizonS, fields }, context) => {
  const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (!isForeign(id)) fault('id', `begins with ${FOREIGN_VENDOR}/, e.g. ${FOREIGN_VENDOR}/probe-7`);
  if (aliases !== undefined) fault('aliases', 'are for the profiles that come with the hub');
  if (stateHorizonS !== 0) fault('stateHorizonS', 'is 0: scripts keep nothing from one frame to the next');
  if (Object.keys(fields).length > MAX_FIELDS) fault('fields', `are at most ${MAX_FIELDS}`);
});

/**
 * A device model that an operator brought: its profile with the mapping of its fields, and either a vendor's script or
 * `fromNetwork`, by which the fields are those that the network server has decoded. Vectors show that it works.
 */
export const foreignCodecSchema = z
  .strictObject({
    profile: foreignProfile,
    script: z
      .string()
      .min(1)
      .refine((script) => Buffer.byteLength(script) <= MAX_SCRIPT_BYTES, `at most ${MAX_SCRIPT_BYTES} bytes`)
      .optional()
      .describe('JavaScript with decodeUplink, Decode or Decoder'),
    dialect: z
      .enum(['auto', ...dialects])
      .default('auto')
      .describe('How the script is called'),
    fromNetwork: z.literal(true).optional().describe('Instead of a script: map what the network server has decoded'),
    vectors: z.array(vector).min(1).max(MAX_VECTORS).describe('Real frames and what they say'),
  })
  .superRefine(({ script, fromNetwork, vectors }, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    if ((script === undefined) === (fromNetwork === undefined)) fault(['script'], 'give a script or fromNetwork: true');
    if (!fromNetwork) return;
    for (const [i, { decoded }] of vectors.entries()) {
      if (!decoded) fault(['vectors', i, 'decoded'], 'say what the network server answers for this frame');
    }
  });

export type ForeignCodec = z.infer<typeof foreignCodecSchema>;
export type ForeignVector = ForeignCodec['vectors'][number];

/** Throws HUB_REQUEST_INVALID with every fault. */
export const parseForeignCodec = (input: unknown): ForeignCodec => {
  const parsed = foreignCodecSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const [first] = faults;
  throw new HubError('HUB_REQUEST_INVALID', `The codec is not complete: ${first?.path}: ${first?.message}`, { faults });
};
