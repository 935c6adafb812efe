import type { ServerResponse } from 'node:http';
import type { LiveEvent } from '../model/live.ts';
import type { Reader } from './access.ts';
import type { Stream } from './visibility.ts';

/** Why a stream was ended by the hub. */
export type EndReason = 'slow' | 'token' | 'closing';

interface ClientOptions {
  readonly out: ServerResponse;
  readonly reader: Reader;
  /** The asker's own filter. */
  readonly wants: (stream: Stream) => boolean;
  readonly bufferEvents: number;
  readonly onEnd: (client: LiveClient, reason: EndReason | undefined) => void;
}

/** How long a client that is to go may take to read why. */
const GRACE_MS = 2_000;

/** One subscriber. What it does not read waits here, bounded; nobody else waits for it. */
export class LiveClient {
  readonly reader: Reader;
  readonly #wants: ClientOptions['wants'];
  readonly #out: ServerResponse;
  readonly #onEnd: ClientOptions['onEnd'];
  readonly #limit: number;
  #waiting: string[] = [];
  /** What it asked to catch up with does not count as slowness. */
  #backlog = 0;
  #isOver = false;

  constructor({ out, reader, wants, bufferEvents, onEnd }: ClientOptions) {
    this.#out = out;
    this.reader = reader;
    this.#wants = wants;
    this.#limit = bufferEvents;
    this.#onEnd = onEnd;
    out.on('drain', () => this.#flush());
    out.on('close', () => this.#over(undefined));
    out.on('error', () => this.#over(undefined));
  }

  /** The datastream of an event, if it is for this client. */
  accepts({ observation }: LiveEvent): Stream | undefined {
    const stream = this.reader.sees(observation);
    return stream && this.#wants(stream) ? stream : undefined;
  }

  catchUp(texts: readonly string[]): void {
    this.#backlog = texts.length;
    this.#waiting.push(...texts);
    this.#flush();
  }

  /** Takes the events of one commit. What waited before must have shrunk below the limit: a commit itself may be large. */
  send(texts: readonly string[]): void {
    if (this.#isOver || texts.length === 0) return;
    if (this.#waiting.length > this.#limit + this.#backlog) {
      this.end('slow');
      return;
    }
    this.#waiting.push(...texts);
    this.#flush();
  }

  /** A sign of life; one that cannot be written now is not needed. */
  beat(text: string): void {
    if (!this.#isOver && this.#waiting.length === 0 && !this.#out.writableNeedDrain) this.#out.write(text);
  }

  end(reason: EndReason): void {
    if (this.#isOver) return;
    this.#waiting = [];
    this.#out.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
    setTimeout(() => this.#out.destroy(), GRACE_MS).unref();
    this.#over(reason);
  }

  /** All that waits goes out as one piece; until that has left, the rest gathers. */
  #flush(): void {
    if (this.#isOver || this.#waiting.length === 0 || this.#out.writableNeedDrain) return;
    this.#out.write(this.#waiting.join(''));
    this.#waiting = [];
    this.#backlog = 0;
  }

  #over(reason: EndReason | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting = [];
    this.#onEnd(this, reason);
  }
}
