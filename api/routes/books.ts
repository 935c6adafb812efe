import { z } from 'zod';
import { type Books, outcomes } from '../../store/journal.ts';
import { decodeCursor, firstPage, nextPage, pageOf, pageQueryOf } from '../paging.ts';
import { answers, type ZodApp } from '../zod-app.ts';

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'write a day as 2026-03-02');
const count = z.number().int();

const booksResource = z
  .object({
    network: z.string(),
    day: day.describe('Local day of receipt by the hub'),
    received: count.describe('Messages handed over and acknowledged'),
    duplicates: count,
    ...(Object.fromEntries(outcomes.map((outcome) => [outcome, count])) as Record<
      (typeof outcomes)[number],
      typeof count
    >),
    balanced: z.boolean().describe('Whether received is the sum of all the others; if not, that is a bug'),
  })
  .meta({ id: 'Books' });

const isBalanced = (books: Books): boolean =>
  books.received === outcomes.reduce((sum, outcome) => sum + books[outcome], books.duplicates);

/** Newest day first, then by network. */
const keyOf = ({ day: one, network }: Books): string => `${one} ${network}`;
const isAfter = (books: Books, after: string): boolean => {
  const [lastDay = '', lastNetwork = ''] = after.split(' ', 2);
  return books.day < lastDay || (books.day === lastDay && books.network > lastNetwork);
};

export const addBooks = (app: ZodApp): void => {
  app.get(
    '/books',
    {
      config: { access: 'region-operator' },
      schema: {
        tags: ['operation'],
        summary: 'What became of all messages, per network and day, newest day first',
        querystring: z.strictObject({
          ...pageQueryOf('books', '\\d{4}-\\d\\d-\\d\\d%20[A-Za-z0-9_.-]+'),
          network: z.string().max(80).optional().describe('Id of the network server'),
          from: day.optional().describe('First day'),
          to: day.optional().describe('Last day, inclusive'),
        }),
        response: answers({
          200: pageOf(booksResource).extend({ balanced: z.boolean().describe('Of all on this page') }),
        }),
      },
    },
    async (request, reply) => {
      const { limit, cursor, network, from, to } = request.query;
      const after = decodeCursor('books', cursor);
      const lastDay = after?.split(' ', 1)[0];
      const until = lastDay !== undefined && (to === undefined || lastDay < to) ? lastDay : to;
      const books = await request.reader.journal().books({
        ...(network !== undefined && { network }),
        ...(from !== undefined && { from }),
        ...(until !== undefined && { to: until }),
      });
      const sorted = books.toSorted((a, b) => (isAfter(b, keyOf(a)) ? -1 : 1));
      const rest = after === undefined ? sorted : sorted.filter((one) => isAfter(one, after));
      const found = await firstPage(rest, { limit, keyOf });
      const items = found.page.map((one) => ({ ...one, balanced: isBalanced(one) }));
      const next = nextPage({ request, reply }, 'books', found.after);
      return reply.send({ items, balanced: items.every(({ balanced }) => balanced), ...next });
    },
  );
};
