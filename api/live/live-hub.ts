import type { ServerResponse } from 'node:http';
import { Counter, Gauge, type Registry } from 'prom-client';
import { clientOf } from '../../model/client-address.ts';
import { HubError } from '../../model/errors.ts';
import type { LiveLog } from '../../model/live.ts';
import { type EpochMs, formatTime, SECOND } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import type { ApiSettings } from '../api-config.ts';
import type { Principal } from '../auth/principal.ts';
import type { Stream } from '../visibility.ts';
import { LiveCatchUp } from './live-catch-up.ts';
import { type EndReason, LiveClient } from './live-client.ts';
import { LiveRounds } from './live-rounds.ts';

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
  /** The filter in words: equal ones let the same events pass. */
  readonly filter: string;
  /** IP address of the client. */
  readonly address: string;
  /** Id of the last event that the client has seen. */
  readonly after: string | undefined;
}

const RETRY_MS = 3_000;

/** All live subscribers: one subscription to the log, each event written out once however many read it. */
export class LiveHub {
  readonly #deps: LiveHubDeps;
  readonly #clients = new Set<LiveClient>();
  readonly #rounds = new LiveRounds(this.#clients);
  readonly #catchUp = new LiveCatchUp();
  readonly #places = new Map<string, number>();
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
    this.#stopListening = this.#deps.live.subscribe((events) => {
      if (this.#clients.size > 0) this.#rounds.add(events);
    });
    this.#heart = setInterval(() => void this.#beat(), this.#deps.config.heartbeatS * SECOND);
    this.#heart.unref();
  }

  stop(): void {
    this.#stopListening?.();
    clearInterval(this.#heart);
    for (const client of this.#clients) client.end('closing');
  }

  /**
   * Throws HUB_UNAVAILABLE where all places are taken, HUB_REQUEST_RATE_LIMITED where this address has its share of them;
   * call before the answer begins.
   */
  requirePlace(address: string): void {
    const { maxClients, maxPerAddress } = this.#deps.config;
    if (this.#clients.size >= maxClients) {
      throw new HubError('HUB_UNAVAILABLE', `All ${maxClients} live streams are taken; try again later`);
    }
    if ((this.#places.get(clientOf(address)) ?? 0) >= maxPerAddress) {
      const detail = `Your address has ${maxPerAddress} live streams already; close one, or read several filters by one stream`;
      throw new HubError('HUB_REQUEST_RATE_LIMITED', detail, { retryAfterMs: 5 * SECOND });
    }
  }

  /** Writes what came after `after`, then everything that comes. No event falls between the two. */
  join({ out, reader, wants, filter, address, after }: Subscription): void {
    const { live, config } = this.#deps;
    const { bufferEvents, heartbeatS } = config;
    const { role, municipality } = reader.principal;
    const client = new LiveClient({
      out,
      reader,
      wants,
      group: JSON.stringify([role === undefined ? null : (municipality ?? '*'), filter]),
      address: clientOf(address),
      bufferEvents,
      joinedAt: this.#rounds.count,
      onEnd: (gone, reason) => this.#leave(gone, reason),
    });
    this.#enter(client);
    const missed = after === undefined ? [] : live.since(after);
    const event = missed === 'reset' ? 'reset' : 'ready';
    const hello = `retry: ${RETRY_MS}\nid: ${live.head}\nevent: ${event}\ndata: ${JSON.stringify({ heartbeatS })}\n\n`;
    if (missed === 'reset' || missed.length === 0) client.caughtUp(hello);
    else client.missed(`retry: ${RETRY_MS}\n\n`, () => this.#catchUp.add({ client, events: missed, hello }));
    if (out.destroyed) this.#leave(client, undefined);
  }

  /**
   * Lets go whose token is no longer good; shows the others that the line lives, and moves their resume point along: an
   * id by itself is no event (WHATWG HTML, server-sent events).
   */
  async #beat(): Promise<void> {
    await this.checkTokens();
    const { live, clock } = this.#deps;
    const data = JSON.stringify({ time: formatTime(clock()) });
    // What waits for its round lies before the head: nobody may be moved past it.
    const id = this.#rounds.isIdle ? `id: ${live.head}\n\n` : '';
    const text = `${id}event: heartbeat\ndata: ${data}\n\n`;
    for (const client of this.#clients) client.beat(text);
  }

  async checkTokens(): Promise<void> {
    for (const client of this.#clients) {
      if (client.reader.principal.token === undefined) continue;
      const holds = await this.#deps.stillHolds(client.reader.principal).catch(() => true);
      if (!holds) client.end('token');
    }
  }

  #enter(client: LiveClient): void {
    this.#clients.add(client);
    this.#places.set(client.address, (this.#places.get(client.address) ?? 0) + 1);
  }

  #leave(client: LiveClient, reason: EndReason | undefined): void {
    if (!this.#clients.delete(client)) return;
    const left = (this.#places.get(client.address) ?? 1) - 1;
    if (left > 0) this.#places.set(client.address, left);
    else this.#places.delete(client.address);
    if (reason) this.#dropped.inc({ reason });
  }
}
