import { z } from 'zod';

/** Files for those who take everything; part of the hub's configuration. */
export const dumpConfigSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('Write files of published datasets once a day, and offer them at /dumps/'),
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time of day as 03:30')
      .default('03:30')
      .describe('When, in local time'),
    keepMonths: z
      .number()
      .int()
      .min(1)
      .max(1_200)
      .nullable()
      .default(null)
      .describe('Months for which there are files; null is all that hold observations'),
  })
  .prefault({})
  .describe('Monthly files of open data');

export type DumpConfig = z.infer<typeof dumpConfigSchema>;
