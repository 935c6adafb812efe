import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HubError } from '../model/errors.ts';
import type { EpochMs } from '../model/time.ts';

export const MAX_PAGE = 1_000;

const limitQuery = z.coerce.number().int().min(1).max(MAX_PAGE).default(100).describe('Entries on a page');

const LONGEST_CURSOR = 800;
const cursorQuery = (pattern: string) =>
  z
    .string()
    .max(LONGEST_CURSOR)
    // For the description only: that it is one of this list is found out when it is read.
    .meta({ pattern })
    .optional()
    .describe('Where the next page begins; copy it from `next`');

/** Parameters of a list in pages, whose keys are as a regular expression without anchors says. */
export const pageQueryOf = (list: string, key = '[A-Za-z0-9_.-]*') => ({
  limit: limitQuery,
  cursor: cursorQuery(`^${list}\\.${key}$`),
});

/** An answer in pages: `next` is the path of the next page, absent on the last. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().optional().describe('Path of the next page'),
  });

/** Not to be made by clients: the list that it belongs to, and the key after which it goes on. */
export const encodeCursor = (list: string, after: string): string => `${list}.${encodeURIComponent(after)}`;

/** A cursor that was made or changed by hand, or belongs to another list. */
export const cursorInvalid = (message = 'is no cursor of this list', cause?: unknown): HubError =>
  new HubError('HUB_CURSOR_INVALID', 'Take the cursor from the `next` link of the same list, unchanged', {
    cause,
    faults: [{ path: 'query.cursor', message, hint: 'leave it out to begin at the start' }],
  });

/** The key after which a page begins; undefined on the first. Throws HUB_CURSOR_INVALID. */
export const decodeCursor = (list: string, cursor: string | undefined): string | undefined => {
  if (cursor === undefined) return undefined;
  if (!cursor.startsWith(`${list}.`)) throw cursorInvalid();
  try {
    return decodeURIComponent(cursor.slice(list.length + 1));
  } catch (cause) {
    throw cursorInvalid(undefined, cause);
  }
};

/** A key that is a number, as decodeCursor answered it. Throws HUB_CURSOR_INVALID. */
export const numberIn = (after: string | undefined): number | undefined => {
  if (after === undefined) return undefined;
  if (/^\d{1,15}$/.test(after)) return Number(after);
  throw cursorInvalid();
};

/** A key that is an instant within a span. Throws HUB_CURSOR_INVALID. */
export const instantIn = (
  after: string | undefined,
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
): EpochMs | undefined => {
  if (after === undefined) return undefined;
  const time = Number(after);
  if (!/^-?\d{1,15}$/.test(after)) throw cursorInvalid();
  if (time < from || time > to) throw cursorInvalid('belongs to another span of time');
  return time;
};

/** The path of the request with other query parameters, also announced as Link header (RFC 8288). */
export const nextLink = (
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  parameters: Readonly<Record<string, string>>,
): string => {
  const [path = '', query = ''] = request.url.split('?', 2);
  const search = new URLSearchParams(query);
  for (const [name, value] of Object.entries(parameters)) search.set(name, value);
  const next = `${path}?${search.toString()}`;
  const links = [reply.getHeader('link') ?? [], `<${next}>; rel="next"`].flat();
  void reply.header('link', links.join(', '));
  return next;
};

/** The link to the page of a list that begins after `after`; nothing on the last page. */
export const nextPage = (
  exchange: { request: FastifyRequest; reply: FastifyReply },
  list: string,
  after: string | undefined,
): { next?: string } =>
  after === undefined ? {} : { next: nextLink(exchange, { cursor: encodeCursor(list, after) }) };

/** The first `limit` of what is listed, and the key of the last of them if there is more. */
export const firstPage = async <T>(
  items: Iterable<T> | AsyncIterable<T>,
  { limit, keyOf }: { limit: number; keyOf: (item: T) => string },
): Promise<{ page: T[]; after?: string }> => {
  const page: T[] = [];
  for await (const item of items) {
    if (page.length === limit) return { page, after: keyOf(page[limit - 1] as T) };
    page.push(item);
  }
  return { page };
};
