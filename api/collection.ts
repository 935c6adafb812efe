import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Reader } from './access.ts';
import { decodeCursor, firstPage, nextPage, pageOf, pageQueryOf } from './paging.ts';
import type { RouteAccess } from './plugins/auth.ts';
import { answers, type ZodApp } from './zod-app.ts';

interface Collection<Entry, Out extends z.ZodObject, Filters extends z.ZodRawShape> {
  /** Last part of the path, plural. */
  readonly path: string;
  readonly access: RouteAccess;
  readonly tag: string;
  /** What the list holds, in a few words, plural. */
  readonly what: string;
  readonly item: Out;
  readonly filters: Filters;
  readonly keyOf: (entry: Entry) => string;
  /** What the asker may see, by key, from the first after `after`, filtered. */
  list(
    reader: Reader,
    filters: z.infer<z.ZodObject<Filters>>,
    after: string | undefined,
  ): Iterable<Entry> | AsyncIterable<Entry>;
  /** Throws HUB_NOT_FOUND. */
  get(reader: Reader, id: string): Entry;
  present(entries: readonly Entry[], reader: Reader): Promise<z.input<Out>[]> | z.input<Out>[];
}

/** The two routes of a registry resource: its list in pages, and one by id. Both carry ETags. */
export const addCollection = <Entry, Out extends z.ZodObject, Filters extends z.ZodRawShape>(
  zodApp: ZodApp,
  collection: Collection<Entry, Out, Filters>,
): void => {
  // Within a generic function the provider cannot infer what a schema yields; the casts below say it.
  const app = zodApp as unknown as FastifyInstance;
  const { path, access, tag, what, item, filters, keyOf } = collection;
  const config = { access, etag: true };
  const querystring = z.strictObject({ ...pageQueryOf(path), ...filters });

  app.get(
    `/${path}`,
    {
      config,
      schema: { tags: [tag], summary: `List ${what}`, querystring, response: answers({ 200: pageOf(item) }) },
    },
    async (request, reply) => {
      const query = request.query as z.infer<typeof querystring> & { limit: number; cursor?: string };
      const after = decodeCursor(path, query.cursor);
      const entries = collection.list(request.reader, query as z.infer<z.ZodObject<Filters>>, after);
      const found = await firstPage(entries, { limit: query.limit, keyOf });
      const items = await collection.present(found.page, request.reader);
      return reply.send({ items, ...nextPage({ request, reply }, path, found.after) });
    },
  );

  app.get(
    `/${path}/:id`,
    {
      config,
      schema: {
        tags: [tag],
        summary: `One of the ${what}`,
        params: z.object({ id: z.string().max(300) }),
        response: answers({ 200: item }, 404),
      },
    },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const [found] = await collection.present([collection.get(request.reader, id)], request.reader);
      return reply.send(found);
    },
  );
};

/** Whether an optional filter lets a value pass. */
export const passes = <T>(filter: T | undefined, value: T | undefined): boolean =>
  filter === undefined || filter === value;
