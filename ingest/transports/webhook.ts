import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { asHubError, type ErrorCode, errorCatalogue, HubError } from '../../model/errors.ts';
import type { Counters, Intake } from '../../model/ports.ts';
import type { EpochMs } from '../../model/time.ts';
import { LogBudget } from './log-budget.ts';
import type { WebhookConfig } from './transport-config.ts';

export interface WebhookOptions {
  readonly config: WebhookConfig;
  readonly intake: Intake;
  /** Whether there is such a network with a webhook. */
  readonly knows: (network: string) => boolean;
  /** Whether the token is that of the network; compares in constant time. */
  readonly verify: (network: string, token: string) => boolean;
  readonly logger: Logger;
  readonly counters: Counters;
  readonly clock: () => EpochMs;
}

interface Route {
  Params: { network: string };
}

const LOG_LINES_PER_MINUTE = 20;
/** Bytes of a network's bodies that are being read or wait for the journal; more are accepted of a body that is alone. */
const MAX_NETWORK_BYTES = 64 * 1024 * 1024;

const frameworkCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'HUB_REQUEST_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'HUB_REQUEST_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_TYPE: 'HUB_REQUEST_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'HUB_REQUEST_INVALID',
};

/**
 * Fastify plugin, to be registered under /ingest: `POST /ingest/{network}` takes one message and answers 202 once it is
 * durable in the journal. The body reaches the journal byte for byte.
 */
export const webhook = async (app: FastifyInstance, options: WebhookOptions): Promise<void> => {
  const { config, intake, counters } = options;
  const count = (result: string) => counters.add('plietsch_transport_messages_total', { transport: 'webhook', result });

  const logBudget = new LogBudget({ perMinute: LOG_LINES_PER_MINUTE, clock: options.clock });
  const bodyBytes = new Map<string, number>();

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(['application/json', 'application/octet-stream'], { parseAs: 'buffer' }, (_, body, done) =>
    done(null, body),
  );
  app.setErrorHandler((thrown: FastifyError, request, reply) => {
    const known = frameworkCodes[thrown.code];
    const error = known ? new HubError(known, undefined, { cause: thrown }) : asHubError(thrown);
    count(error.code);
    const line = error.status >= 500 && logBudget.take();
    if (line) options.logger.warn({ code: error.code, err: thrown, ...line }, 'webhook message not accepted');
    return sendProblem(request, reply, { error, retryAfterS: config.retryAfterS });
  });
  // Both before the body is read: a sender that may not, or has to wait, shall not send megabytes first.
  app.addHook('onRequest', async (request: FastifyRequest, reply) => {
    const { network } = request.params as Route['Params'];
    authorize(request, network, options);
    const bytes = announcedBytes(request, config.maxBodyBytes);
    const held = bodyBytes.get(network) ?? 0;
    const isFull = held > 0 && held + bytes > MAX_NETWORK_BYTES;
    if (isFull || intake.waiting >= intake.limit) throw new HubError('HUB_OVERLOADED');
    bodyBytes.set(network, held + bytes);
    reply.raw.once('close', () => bodyBytes.set(network, (bodyBytes.get(network) ?? 0) - bytes));
  });
  app.post<Route>('/:network', { bodyLimit: config.maxBodyBytes }, async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const receipt = await intake.receive(request.params.network, pseudoTopic(request.url), body);
    count('accepted');
    return reply.code(202).send(receipt);
  });
};

/** What the sender announces, at most what is accepted; who announces nothing may send that much. */
const announcedBytes = (request: FastifyRequest, max: number): number =>
  Math.min(Number(request.headers['content-length'] ?? max), max);

/** Throws HUB_AUTH_REQUIRED or HUB_NETWORK_UNKNOWN. */
const authorize = (request: FastifyRequest, network: string, { knows, verify }: WebhookOptions): void => {
  const token = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new HubError('HUB_AUTH_REQUIRED');
  if (!knows(network)) throw new HubError('HUB_NETWORK_UNKNOWN', 'No network of this name has a webhook');
  if (!verify(network, token)) throw new HubError('HUB_AUTH_REQUIRED');
};

/** ChirpStack names the event in the query, `?event=up`; adapters read it where others have the MQTT topic. */
const pseudoTopic = (url: string): string | undefined => {
  const start = url.indexOf('?');
  const event = start < 0 ? null : new URLSearchParams(url.slice(start)).get('event');
  return event === null ? undefined : `?event=${encodeURIComponent(event.slice(0, 100))}`;
};

interface Refusal {
  readonly error: HubError;
  readonly retryAfterS: number;
}

/** RFC 9457. */
const sendProblem = (request: FastifyRequest, reply: FastifyReply, { error, retryAfterS }: Refusal): FastifyReply => {
  const { code, status } = error;
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="plietsch"');
  if (status === 503) void reply.header('retry-after', String(retryAfterS));
  const detail = code === 'HUB_INTERNAL' ? 'Something went wrong inside the hub; its log says what.' : error.message;
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:plietsch:problem:${code}`,
        title: errorCatalogue[code].title,
        status,
        code,
        detail,
        instance: request.url.split('?', 1)[0],
      }),
    );
};
