import type { Socket } from 'node:net';
import type { FastifyServerOptions } from 'fastify';
import { HubError } from '../../model/errors.ts';
import { errorOf, PROBLEM_JSON, problemOf, sendProblem } from '../problem.ts';

/** Before any hook has run, so that the headers of all answers are written here. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
};

interface ConnectionError extends Error {
  readonly code?: string;
}

const problemFor = ({ code }: ConnectionError): HubError => {
  if (code === 'HPE_HEADER_OVERFLOW') return new HubError('HUB_REQUEST_HEADERS');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new HubError('HUB_REQUEST_TIMEOUT');
  return new HubError('HUB_REQUEST_INVALID', 'The request is not HTTP as it should be');
};

/** What is answered before there is a request: addresses that cannot be read, and what is no HTTP. */
export const earlyErrors = {
  frameworkErrors: (error, request, reply) => {
    void reply.headers(HEADERS);
    void sendProblem(request, reply, errorOf(error));
  },
  clientErrorHandler: (error: ConnectionError, socket: Socket) => {
    // The other side is gone, or another answer is on its way.
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable || socket.bytesWritten > 0) {
      socket.destroy();
      return;
    }
    const problem = problemFor(error);
    const body = JSON.stringify(problemOf(problem));
    const lines = Object.entries({
      ...HEADERS,
      'content-type': PROBLEM_JSON,
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'no-store',
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? 'Error'}\r\n${lines.join('')}\r\n${body}`);
  },
} satisfies Pick<FastifyServerOptions, 'frameworkErrors' | 'clientErrorHandler'>;

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};
