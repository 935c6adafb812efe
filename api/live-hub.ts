import type { ServerResponse } from 'node:http';
import { Counter, Gauge, type Registry } from 'prom-client';
import { HubError } from '../model/errors.ts';
import type { LiveEvent, LiveLog } from '../model/live.ts';
import { type EpochMs, formatTime, SECOND } from '../model/time.ts';
import type { Reader } from './access.ts';
import type { ApiSettings } from './api-config.ts';
import { type EndReason, LiveClient } from './live-client.ts';
import type { Principal } from './principal.ts';
import { presentJudged } from './quality-query.ts';
import type { Stream } from './visibility.ts';

interface LiveHubDeps {
  readonly live: LiveLog;
  readonly config: ApiSettings['sse'];
  readonly metrics: Registry;
  readonly stillHolds: (principal: Principal) => Promise<boolean>;
  readonly clock: () => EpochMs;
}

interface Subscription {
  readonly out: ServerResponse;
  readonly reader: Reader;
  readonly wants: (stream: Stream) => boolean;
  /** Id of the last event that the client has seen. */
  readonly after: string | undefined;
}

const RETRY_MS = 3_000;

/** All live subscribers: one subscription to the log, each event written out once however many read it. */
export class LiveHub {
  readonly #deps: LiveHubDeps;
  readonly #clients = new Set<LiveClient>();
  readonly #dropped: Counter;
  #stopListening: (() => void) | undefined;
  #heart: NodeJS.Timeout | undefined;

  constructor(deps: LiveHubDeps) {
    this.#deps = deps;
    const registers = [deps.metrics];
    const clients = this.#clients;
    new Gauge({
      name: 'plietsch_live_clients',
      help: 'Live subscribers',
      registers,
      collect() {
        this.set(clients.size);
      },
    });
    this.#dropped = new Counter({
      name: 'plietsch_live_ended_total',
      help: 'Live streams that the hub ended, by reason',
      labelNames: ['reason'],
      registers,
    });
  }

  start(): void {
    this.#stopListening = this.#deps.live.subscribe((events) => this.#publish(events));
    this.#heart = setInterval(() => void this.#beat(), this.#deps.config.heartbeatS * SECOND);
    this.#heart.unref();
  }

  stop(): void {
    this.#stopListening?.();
    clearInterval(this.#heart);
    for (const client of this.#clients) client.end('closing');
  }

  /** Throws HUB_UNAVAILABLE where all places are taken; call before the answer begins. */
  requirePlace(): void {
    const { maxClients } = this.#deps.config;
    if (this.#clients.size >= maxClients) {
      throw new HubError('HUB_UNAVAILABLE', `All ${maxClients} live streams are taken; try again later`);
    }
  }

  /** Writes what came after `after`, then everything that comes. No event falls between the two. */
  join({ out, reader, wants, after }: Subscription): void {
    const { live, config } = this.#deps;
    const { bufferEvents, heartbeatS } = config;
    const client = new LiveClient({
      out,
      reader,
      wants,
      bufferEvents,
      onEnd: (gone, reason) => this.#leave(gone, reason),
    });
    const missed = after === undefined ? [] : live.since(after);
    const event = missed === 'reset' ? 'reset' : 'ready';
    const hello = `retry: ${RETRY_MS}\nid: ${live.head}\nevent: ${event}\ndata: ${JSON.stringify({ heartbeatS })}\n\n`;
    if (missed === 'reset' || after === undefined) client.catchUp([hello]);
    else client.catchUp([`retry: ${RETRY_MS}\n\n`, ...textsFor(client, missed), hello]);
    this.#clients.add(client);
    if (out.destroyed) this.#clients.delete(client);
  }

  #publish(events: readonly LiveEvent[]): void {
    const texts = new Map<LiveEvent, string>();
    for (const client of this.#clients) {
      const accepted: string[] = [];
      for (const event of events) {
        const stream = client.accepts(event);
        if (!stream) continue;
        const text = texts.get(event) ?? textOf(event, stream);
        texts.set(event, text);
        accepted.push(text);
      }
      client.send(accepted);
    }
  }

  /**
   * Lets go whose token is no longer good; shows the others that the line lives, and moves their resume point along: an
   * id by itself is no event (WHATWG HTML, server-sent events).
   */
  async #beat(): Promise<void> {
    await this.checkTokens();
    const { live, clock } = this.#deps;
    const data = JSON.stringify({ time: formatTime(clock()) });
    const text = `id: ${live.head}\n\nevent: heartbeat\ndata: ${data}\n\n`;
    for (const client of this.#clients) client.beat(text);
  }

  async checkTokens(): Promise<void> {
    for (const client of this.#clients) {
      const holds = await this.#deps.stillHolds(client.reader.principal).catch(() => true);
      if (!holds) client.end('token');
    }
  }

  #leave(client: LiveClient, reason: EndReason | undefined): void {
    this.#clients.delete(client);
    if (reason) this.#dropped.inc({ reason });
  }
}

const textsFor = (client: LiveClient, events: readonly LiveEvent[]): string[] =>
  events.flatMap((event) => {
    const stream = client.accepts(event);
    return stream ? [textOf(event, stream)] : [];
  });

const textOf = ({ id, observation }: LiveEvent, { datastream, thing, site, municipality, useCase }: Stream): string => {
  const data = {
    datastream: datastream.id,
    property: datastream.property,
    ...(datastream.channel !== undefined && { channel: datastream.channel }),
    unit: datastream.unit,
    ...presentJudged(observation),
    phenomenonTime: formatTime(observation.phenomenonTime),
    receivedAt: formatTime(observation.receivedAt),
    useCase,
    thing: thing.id,
    ...(site && { site: site.id }),
    ...(municipality && { municipality: municipality.id }),
  };
  return `id: ${id}\nevent: observation\ndata: ${JSON.stringify(data)}\n\n`;
};
