import { z } from 'zod';
import { timeSchema } from '../zod-app.ts';

const fileSchema = z.object({
  name: z.string().describe('Name below /dumps/{dataset}/'),
  format: z.enum(['csv', 'parquet']),
  mediaType: z.string(),
  bytes: z.number().int(),
  sha256: z.string().describe('SHA-256 of the file, hexadecimal'),
});

/** What is told of the files of a dataset and month. */
export const manifestSchema = z
  .object({
    dataset: z.string(),
    month: z.string().describe('Local calendar month, e.g. 2026-03'),
    from: timeSchema,
    to: timeSchema.describe('Exclusive'),
    timeZone: z.string(),
    complete: z
      .boolean()
      .describe('The month was over, and with it the delay of all values in it, when the files were made'),
    rows: z.number().int(),
    datastreams: z.number().int(),
    quality: z.array(z.string()).describe('Quality flags of the values in it'),
    excluded: z.array(z.string()).describe('Quality flags of values that were left out'),
    title: z.object({ de: z.string(), en: z.string() }),
    licence: z.string(),
    licenceUrl: z.string(),
    attribution: z.string(),
    createdAt: timeSchema,
    files: z.array(fileSchema),
  })
  .meta({ id: 'DumpManifest' });

export type Manifest = z.infer<typeof manifestSchema>;

/** Beside it, for the hub alone: what the files were made of, and where they lie. */
export const keptManifestSchema = z.object({
  manifest: manifestSchema,
  /** Hash of everything that went into the files. */
  digest: z.string(),
  madeAt: z.number(),
  /** Names in the folder, in the order of the manifest's files. */
  stored: z.array(z.string().regex(/^[\w.-]+$/)),
  /** Datastreams that have rows: id, delay in milliseconds, smallest count that was shown (0: all). */
  streams: z.array(z.tuple([z.string(), z.number(), z.number()])),
});

export type KeptManifest = z.infer<typeof keptManifestSchema>;
