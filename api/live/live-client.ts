import type { ServerResponse } from 'node:http';
import type { LiveEvent } from '../../model/live.ts';
import type { Reader } from '../access.ts';
import type { Stream } from '../visibility.ts';
import type { LiveTexts } from './live-event.ts';

/** Why a stream was ended by the hub. */
export type EndReason = 'slow' | 'token' | 'closing';

export interface LiveClientOptions {
  readonly out: ServerResponse;
  readonly reader: Reader;
  /** The asker's own filter. */
  readonly wants: (stream: Stream) => boolean;
  /** Clients of the same group are let the same events see. */
  readonly group: string;
  /** Whose places are counted together. */
  readonly address: string;
  readonly bufferEvents: number;
  /** Events of the hub that came before it, by number: those are not for it. */
  readonly joinedAt: number;
  readonly onEnd: (client: LiveClient, reason: EndReason | undefined) => void;
}

/** Several events as one piece of the stream; shared by all who get the same. */
export interface LivePiece {
  readonly bytes: Uint8Array;
  readonly events: number;
}

/** How long a client that is to go may take to read why. */
const GRACE_MS = 2_000;

/** One subscriber. What it does not read waits here, bounded; nobody else waits for it. */
export class LiveClient {
  readonly reader: Reader;
  readonly group: string;
  readonly address: string;
  readonly joinedAt: number;
  readonly #wants: LiveClientOptions['wants'];
  readonly #out: ServerResponse;
  readonly #onEnd: LiveClientOptions['onEnd'];
  readonly #limit: number;
  #waiting: LivePiece[] = [];
  #waitingEvents = 0;
  #isCatchingUp = true;
  #isOver = false;

  constructor({ out, reader, wants, group, address, bufferEvents, joinedAt, onEnd }: LiveClientOptions) {
    this.#out = out;
    this.reader = reader;
    this.group = group;
    this.address = address;
    this.joinedAt = joinedAt;
    this.#wants = wants;
    this.#limit = bufferEvents;
    this.#onEnd = onEnd;
    out.on('drain', () => this.#flush());
    out.on('close', () => this.#over(undefined));
    out.on('error', () => this.#over(undefined));
  }

  /** The text of an event as it is for this client and all of its group; undefined where it is not for them. */
  textOf(event: LiveEvent, texts: LiveTexts): string | undefined {
    const { observation } = event;
    const stream = this.reader.sees(observation);
    return stream && this.#wants(stream) ? texts.of(event, stream, this.reader.shown(stream, observation)) : undefined;
  }

  /** A part of what it missed; calls back when it takes more. Until it has caught up, what is new waits. */
  missed(text: string, more: () => void): void {
    if (this.#isOver) return;
    if (text === '' || this.#out.write(text)) more();
    else this.#out.once('drain', more);
  }

  caughtUp(text: string): void {
    if (this.#isOver) return;
    this.#out.write(text);
    this.#isCatchingUp = false;
    this.#flush();
  }

  /** What waited before must have shrunk below the limit: a piece itself may be large. */
  send(piece: LivePiece): void {
    if (this.#isOver) return;
    if (this.#waitingEvents > this.#limit) {
      this.end('slow');
      return;
    }
    this.#waiting.push(piece);
    this.#waitingEvents += piece.events;
    this.#flush();
  }

  /** A sign of life; one that cannot be written now is not needed. */
  beat(text: string): void {
    if (this.#isOver || this.#isCatchingUp || this.#waiting.length > 0 || this.#out.writableNeedDrain) return;
    this.#out.write(text);
  }

  end(reason: EndReason): void {
    if (this.#isOver) return;
    this.#out.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
    setTimeout(() => this.#out.destroy(), GRACE_MS).unref();
    this.#over(reason);
  }

  /** All that waits goes out; until that has left, the rest gathers. */
  #flush(): void {
    const [first] = this.#waiting;
    if (this.#isOver || this.#isCatchingUp || !first || this.#out.writableNeedDrain) return;
    this.#out.write(this.#waiting.length === 1 ? first.bytes : Buffer.concat(this.#waiting.map(({ bytes }) => bytes)));
    this.#waiting = [];
    this.#waitingEvents = 0;
  }

  #over(reason: EndReason | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting = [];
    this.#onEnd(this, reason);
  }
}
