import { z } from 'zod';
import { errorCatalogue } from '../model/errors.ts';
import { instantSchema, parametersSchema } from '../model/registry.ts';

const fieldValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);

const vector = z
  .strictObject({
    source: z.string().min(10).describe('Where it comes from, or `computed from <datasheet>`'),
    licence: z.string().min(3).describe('Licence of the source; EUPL-1.2 for our own'),
    note: z.string().optional(),
    fPort: z.number().int().min(0).max(255),
    hex: z.string().regex(/^([0-9a-f]{2})*$/),
    receivedAt: instantSchema.optional(),
    parameters: parametersSchema.optional(),
    /** Every field of every record, neither more nor less. */
    records: z
      .array(z.strictObject({ time: instantSchema.optional(), fields: z.record(z.string(), fieldValue) }))
      .optional(),
    /** Every value in the units of the observed properties; absent: not compared. */
    values: z
      .array(
        z.strictObject({
          property: z.string(),
          channel: z.string().optional(),
          value: z.union([z.number(), z.null()]),
        }),
      )
      .optional(),
    /** Beginnings or parts of the warnings, one each; absent: there must be none. */
    warnings: z.array(z.string().min(5)).optional(),
    errors: z
      .array(z.strictObject({ code: z.enum(Object.keys(errorCatalogue)), detail: z.string().optional() }))
      .min(1)
      .optional(),
  })
  .refine(({ records, errors }) => (records === undefined) !== (errors === undefined), 'give records or errors');

/**
 * How a source calls one of our fields: by the same value, a state of another spelling, or in another unit (`from` ours
 * `to` theirs), as the record's time, or why we do not have it, e.g. because it only repeats the model's name.
 */
const sourceName = z.union([
  z.string(),
  z.strictObject({ field: z.string(), states: z.record(z.string(), z.string()) }),
  z.strictObject({ field: z.string(), from: z.string(), to: z.string() }),
  z.strictObject({ time: z.enum(['s', 'ms', 'rfc3339']) }),
  z.strictObject({ omit: z.string().min(10) }),
]);

/** vectors.json of a device room. */
export const vectorsFileSchema = z.strictObject({
  /** Stems of the facts files that the visible vectors come from, where there are any. */
  facts: z.array(z.string()).min(1).optional(),
  /** Name in the facts to our field, see facts-comparison.ts; names that differ only in spelling need none. */
  sourceNames: z.record(z.string(), sourceName).optional(),
  /** Parameters of single facts, by their hex, where the source had some. */
  factsParameters: z.record(z.string(), parametersSchema).optional(),
  vectors: z.array(vector).min(3, 'three real payloads are the least'),
});

export type Vector = z.infer<typeof vector>;
export type SourceName = z.infer<typeof sourceName>;
export type VectorsFile = z.infer<typeof vectorsFileSchema>;
