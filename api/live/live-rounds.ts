import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveEvent } from '../../model/live.ts';
import type { LiveClient, LivePiece } from './live-client.ts';
import { LiveTexts } from './live-event.ts';

/** Milliseconds after which others of the thread have their turn, and events that take about as long to write out. */
const TURN_MS = 5;
const EVENTS_A_TURN = 250;
/** Share of the time that rounds may take. */
const REST_PER_WORK = 2;
const LONGEST_REST_MS = 100;

/**
 * Hands events to clients in rounds. A round that took long is followed by a rest, in which further events gather to be
 * written as one piece: few clients get each event at once, many get them some tens of milliseconds later at a fraction of
 * the cost.
 */
export class LiveRounds {
  readonly #clients: Iterable<LiveClient>;
  #pending: LiveEvent[] = [];
  #count = 0;
  #isBusy = false;

  constructor(clients: Iterable<LiveClient>) {
    this.#clients = clients;
  }

  /** Number of all events so far, also of those that wait for a round. */
  get count(): number {
    return this.#count;
  }

  /** Everything was handed over. */
  get isIdle(): boolean {
    return this.#pending.length === 0 && !this.#isBusy;
  }

  add(events: readonly LiveEvent[]): void {
    this.#count += events.length;
    for (const event of events) this.#pending.push(event);
    if (!this.#isBusy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#pending.length > 0) {
      const tookMs = await this.#round();
      const restMs = Math.min(LONGEST_REST_MS, tookMs * REST_PER_WORK);
      if (restMs >= 1) await new Promise((resolve) => setTimeout(resolve, restMs).unref());
    }
    this.#isBusy = false;
  }

  /** Answers the milliseconds that it worked. */
  async #round(): Promise<number> {
    const round = new Round(this.#pending, this.#count);
    this.#pending = [];
    let tookMs = 0;
    let begun = performance.now();
    for (const client of this.#clients) {
      const piece = await round.pieceFor(client);
      if (piece) client.send(piece);
      // Clients with filters of their own cost far more than those that get what others get.
      if (performance.now() - begun < TURN_MS) continue;
      tookMs += performance.now() - begun;
      await nextTurn();
      begun = performance.now();
    }
    return tookMs + performance.now() - begun;
  }
}

/** Events of one round; what a group of clients gets of them is put together once. */
class Round {
  readonly #events: readonly LiveEvent[];
  /** Number of the event before the first. */
  readonly #before: number;
  readonly #texts = new LiveTexts();
  readonly #pieces = new Map<string, LivePiece | undefined>();

  constructor(events: readonly LiveEvent[], count: number) {
    this.#events = events;
    this.#before = count - events.length;
  }

  async pieceFor(client: LiveClient): Promise<LivePiece | undefined> {
    if (client.joinedAt > this.#before) return this.#make(client, client.joinedAt - this.#before);
    if (!this.#pieces.has(client.group)) this.#pieces.set(client.group, await this.#make(client, 0));
    return this.#pieces.get(client.group);
  }

  async #make(client: LiveClient, from: number): Promise<LivePiece | undefined> {
    const texts: string[] = [];
    for (let i = from; i < this.#events.length; i++) {
      const event = this.#events[i];
      const text = event && client.textOf(event, this.#texts);
      if (text !== undefined) texts.push(text);
      if ((i + 1) % EVENTS_A_TURN === 0) await nextTurn();
    }
    return texts.length === 0 ? undefined : { bytes: Buffer.from(texts.join('')), events: texts.length };
  }
}
