import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tagsOf } from '../plugins/etag.ts';

interface ServedFile {
  readonly path: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly modifiedAt: number;
}

interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One range of bytes (RFC 9110 §14.1.2); undefined where the whole is to be sent, `none` where nothing lies in it. */
export const rangeIn = (header: string | undefined, bytes: number): ByteRange | 'none' | undefined => {
  // Several ranges may be ignored (§14.2): nobody asks for them but to make work.
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  if (first === '') return Number(last) === 0 ? 'none' : { start: Math.max(0, bytes - Number(last)), end: bytes - 1 };
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= bytes ? 'none' : { start, end };
};

/** A file whose hash is its validator: revalidated, and resumed where a download broke off. */
export const sendFile = async (
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  file: ServedFile,
): Promise<FastifyReply> => {
  const etag = `"${file.sha256}"`;
  void reply
    .header('etag', etag)
    .header('last-modified', new Date(file.modifiedAt).toUTCString())
    .header('accept-ranges', 'bytes')
    // What is published may be withdrawn: no cache may answer for it unasked.
    .header('cache-control', 'no-cache')
    .header('repr-digest', `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`);
  const held = tagsOf(request.headers['if-none-match']);
  if (held.includes(etag) || held.includes('*')) return reply.code(304).send();
  const condition = request.headers['if-range'];
  const range = condition === undefined || condition === etag ? rangeIn(request.headers.range, file.bytes) : undefined;
  if (range === 'none') return reply.code(416).header('content-range', `bytes */${file.bytes}`).send();
  const { start, end } = range ?? { start: 0, end: file.bytes - 1 };
  if (range) void reply.code(206).header('content-range', `bytes ${start}-${end}/${file.bytes}`);
  void reply
    .type(file.mediaType)
    .header('content-length', String(end - start + 1))
    .header('content-disposition', `attachment; filename="${file.name}"`);
  if (request.method === 'HEAD') return reply.send(Readable.from([]));
  // Opened before the headers go out: a file that was replaced just now is a coded error and no broken answer.
  const handle = await open(file.path, 'r');
  return reply.send(handle.createReadStream({ start, end }));
};
