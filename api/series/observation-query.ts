import { z } from 'zod';
import { DAY, type EpochMs } from '../../model/time.ts';
import type { Every } from '../../store/observations.ts';
import { type Figure, figures } from '../formats/table.ts';
import { tableQuery } from '../formats/table-query.ts';
import { refuse } from '../problem.ts';
import { queryInstant } from '../zod-app.ts';
import { everyQuery } from './every-query.ts';
import { qualityQuery } from './quality-query.ts';

const isFigure = (name: string): name is Figure => (figures as readonly string[]).includes(name);

const aggregateQuery = z
  .string()
  .max(200)
  .transform((text, context): readonly Figure[] => {
    const names = text.split(',').map((name) => name.trim());
    if (names.every(isFigure)) return [...new Set(names)];
    context.addIssue({ code: 'custom', message: `write some of ${figures.join(',')}` });
    return z.NEVER;
  })
  .optional()
  .meta({ description: `Figures of each bucket, some of ${figures.join(',')}; default: all` });

/** Parameters of all questions for observations. */
export const observationQuery = ({ timeZone, maxRows }: { timeZone: string; maxRows: number }) => ({
  from: queryInstant.optional().describe('Begin, inclusive; default: 24 hours before `to`'),
  to: queryInstant.optional().describe('End, exclusive; default: now'),
  every: everyQuery(timeZone).optional(),
  aggregate: aggregateQuery,
  quality: qualityQuery,
  ...tableQuery,
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(maxRows)
    .optional()
    .describe(
      `Rows of a page, whose Link header leads on. JSON always comes in pages, of ${Math.min(1_000, maxRows)} unless asked otherwise; other formats hold everything without it`,
    ),
  cursor: z.string().max(800).optional().describe('Where the next page begins; copy it from the link'),
});

/** The buckets that are asked for, and what of them. */
export const bucketsIn = ({
  every,
  aggregate,
}: {
  readonly every?: Every | undefined;
  readonly aggregate?: readonly Figure[] | undefined;
}): { readonly every: Every; readonly figures: readonly Figure[] } | undefined => {
  if (every) return { every, figures: aggregate ?? figures };
  if (aggregate)
    refuse({ path: 'query.aggregate', message: 'belongs to buckets', hint: 'add `every`, or leave aggregate out' });
  return undefined;
};

/** Tables come in pages only where they are asked for. */
export const refuseLoneCursor = (
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
  format: string,
): void => {
  if (format === 'json' || cursor === undefined || limit !== undefined) return;
  const message = `belongs to pages, and ${format} has some only with \`limit\``;
  refuse({ path: 'query.cursor', message, hint: 'add limit, or leave cursor out' });
};

/** The span of a question; the last 24 hours where nothing is said. */
export const spanOf = (
  query: { readonly from?: EpochMs | undefined; readonly to?: EpochMs | undefined },
  now: EpochMs,
): { from: EpochMs; to: EpochMs } => {
  const to = query.to ?? now;
  const from = query.from ?? to - DAY;
  if (from >= to) refuse({ path: 'query.from', message: 'lies not before `to`', hint: 'swap from and to' });
  return { from, to };
};

/** A parameter as it was written, before it was understood. */
export const written = (url: string, name: string): string | undefined =>
  new URLSearchParams(url.split('?', 2)[1]).get(name) ?? undefined;
