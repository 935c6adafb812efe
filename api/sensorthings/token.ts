import { z } from 'zod';
import { badOption } from './faults.ts';

const MAX_TOKEN = 4_000;

/** Where a page of Observations ends: behind this row. Opaque to clients. */
const tokenSchema = z.strictObject({
  /** Datastream of the last row. */
  d: z.number().int().positive(),
  /** Its phenomenon time, epoch ms. */
  t: z.number().int(),
  /** Width of the span in which a page's worth of rows was found, ms. */
  w: z.number().positive().optional(),
  /** Rows that go on behind it and are still held. */
  k: z.number().int().positive().optional(),
  /** What it was ordered by, where that is not its place or its time. */
  v: z.array(z.json()).max(20).optional(),
});
export type Token = z.infer<typeof tokenSchema>;

export const encodeToken = (token: Token): string => Buffer.from(JSON.stringify(token)).toString('base64url');

export const decodeToken = (text: string): Token => {
  try {
    if (text.length > MAX_TOKEN) throw new Error('too long');
    return tokenSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw badOption('query.$skiptoken', 'is none of ours', 'take it from @iot.nextLink, unchanged');
  }
};
