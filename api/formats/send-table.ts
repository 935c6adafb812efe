import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mediaTypes } from './media.ts';
import type { TableBlock, TableWriter } from './table.ts';
import type { TableFormat } from './table-writer.ts';

/** A client that takes nothing for so long is let go. */
const STALLED_MS = 60_000;

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

interface Sending {
  readonly format: TableFormat;
  readonly writer: TableWriter;
  /** Name of the file, without its ending. */
  readonly name: string;
}

const fileHeaders = ({ request, reply }: Exchange, { format, name }: Sending): void => {
  const type = format === 'csv' ? `${mediaTypes.csv}; charset=utf-8; header=present` : mediaTypes[format];
  const file = `${name.replaceAll(/[^\w.-]+/g, '-').slice(0, 150)}.${format}`;
  const isPublic = request.reader.principal.role === undefined;
  void reply
    .type(type)
    .header('content-disposition', `attachment; filename="${file}"`)
    .header('cache-control', isPublic ? 'no-cache' : 'private, no-cache');
};

/** A table that is at hand: one body with its length, which can be revalidated. */
export const sendWhole = (exchange: Exchange, sending: Sending, blocks: readonly TableBlock[]): FastifyReply => {
  const { writer } = sending;
  const parts = [writer.begin(), ...blocks.map((block) => writer.add(block)), writer.end()];
  fileHeaders(exchange, sending);
  return exchange.reply.send(Buffer.concat(parts));
};

/**
 * A table of any length, written as fast as it is taken. What fails on the way ends the connection in the middle of the
 * chunked body (RFC 9112 §8), so that no client takes it for the whole; `onClose` is called whatever happens.
 */
export const sendStream = (
  exchange: Exchange,
  sending: Sending,
  { blocks, onClose }: { blocks: AsyncIterable<TableBlock>; onClose: () => void },
): FastifyReply => {
  const { request, reply } = exchange;
  fileHeaders(exchange, sending);
  if (request.method === 'HEAD') {
    // Nothing is read for one who wants the headers only.
    onClose();
    return reply.send(Readable.from([]));
  }
  const body = Readable.from(bytesOf(sending.writer, blocks), { objectMode: false, highWaterMark: 1 << 16 });
  body.once('close', onClose);
  reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy());
  return reply.send(body);
};

async function* bytesOf(writer: TableWriter, blocks: AsyncIterable<TableBlock>): AsyncGenerator<Uint8Array> {
  yield writer.begin();
  for await (const block of blocks) {
    const bytes = writer.add(block);
    if (bytes.length > 0) yield bytes;
    // Others have their turn after each block, however fast the client takes them.
    await nextTurn();
  }
  yield writer.end();
}
