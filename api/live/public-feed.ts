import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveEvent, LiveLog } from '../../model/live.ts';
import type { FeedMessage, Lifecycle, PublicFeed } from '../../model/ports.ts';
import { SECOND } from '../../model/time.ts';
import type { Reader, SeenObservation } from '../access.ts';
import type { Stream } from '../visibility.ts';
import { presentLive } from './live-event.ts';

export interface PublicFeedOptions {
  /** The public's. */
  readonly reader: Reader;
  readonly live: LiveLog;
  /** Of the registry: when it changes, what is visible may have changed. */
  readonly version: () => number;
  /** Something went wrong between two looks; the next one tries again. */
  readonly onTrouble: (thrown: unknown) => void;
}

/** Milliseconds between two looks at the registry, and at what delayed datasets have come to show. */
const LOOK_EVERY_MS = SECOND;
const DELAYED_EVERY_LOOKS = 30;
/** Now and then some are compared with the store: what was corrected or deleted there comes by no event. */
const COMPARE_EVERY_LOOKS = 10;
/** Datastreams that are dealt with before others of the thread have their turn. */
const STREAMS_A_TURN = 250;
/** The same for events: no more than readers of MQTT write in a turn, or a burst would pass for their slowness. */
const EVENTS_A_TURN = 100;

/** What is kept of a datastream; its message is made when somebody reads it. */
interface Kept {
  readonly stream: Stream;
  readonly observation: SeenObservation;
  readonly topic: string;
  readonly message: () => FeedMessage;
  /** The message was made, so that somebody may have it. */
  readonly isTold: () => boolean;
}

type Listener = (messages: readonly FeedMessage[]) => void;

/**
 * Public values as MQTT topics. Of every datastream the newest visible value is kept; it goes, and an empty message says
 * so, when its dataset becomes private. Of delayed datasets the newest value that is old enough appears twice a minute.
 */
export class LivePublicFeed implements PublicFeed, Lifecycle {
  readonly #options: PublicFeedOptions;
  /** By key of the datastream. */
  readonly #kept = new Map<number, Kept>();
  readonly #listeners = new Set<Listener>();
  /** Batches of events that wait for their turn. */
  readonly #batches: (readonly LiveEvent[])[] = [];
  #isTaking = false;
  #stopListening: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #looks = 0;
  /** Keys that are still to be compared in this round. */
  #toCompare: number[] = [];
  #version = -1;

  constructor(options: PublicFeedOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stopListening = this.#options.live.subscribe((events) => this.#take(events));
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
    await this.look();
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    clearInterval(this.#timer);
    await this.#looking;
  }

  *newest(passes: (topic: string) => boolean): Generator<FeedMessage> {
    for (const kept of this.#kept.values()) {
      if (!passes(kept.topic)) continue;
      const now = this.#asSeenNow(kept);
      if (now && passes(now.topic)) yield now.message();
    }
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Catches up with the registry and with time; one look at a time. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((thrown: unknown) => {
        this.#version = -1;
        this.#options.onTrouble(thrown);
      })
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { reader, version } = this.#options;
    const isChanged = version() !== this.#version;
    this.#version = version();
    if (isChanged) {
      await this.#withdraw();
      await this.#load([...reader.streams()].filter(({ datastream }) => !this.#kept.has(datastream.key)));
    }
    const looks = this.#looks++;
    if (isChanged || looks % DELAYED_EVERY_LOOKS === 0) {
      await this.#load([...reader.streams()].filter(({ delayMs }) => delayMs > 0));
    }
    if (looks % COMPARE_EVERY_LOOKS === 0) await this.#compare();
  }

  async #compare(): Promise<void> {
    const { reader } = this.#options;
    if (this.#toCompare.length === 0) this.#toCompare = [...this.#kept.keys()];
    const some = this.#toCompare.splice(0, STREAMS_A_TURN).flatMap((key) => this.#kept.get(key) ?? []);
    const newest = await reader.latest(some.map(({ stream }) => stream));
    for (const kept of some) {
      const { key } = kept.stream.datastream;
      const stored = newest.get(key);
      // What came while the store was asked is newer than its answer.
      const isAsStored = stored && (stored.withheld || isSameValue(stored, kept.observation));
      if (isAsStored || this.#kept.get(key) !== kept) continue;
      if (stored && stored.phenomenonTime >= kept.observation.phenomenonTime) {
        const news = this.#keep(stored);
        this.#tell(news ? [news] : []);
      } else this.#replace(kept, stored && this.#make(stored));
    }
  }

  /** Takes back what is no longer seen, and tells again what is seen otherwise than before. */
  async #withdraw(): Promise<void> {
    let done = 0;
    for (const kept of this.#kept.values()) {
      if (++done % STREAMS_A_TURN === 0) await nextTurn();
      this.#replace(kept, this.#asSeenNow(kept));
    }
  }

  #replace(kept: Kept, now: Kept | undefined): void {
    const { key } = kept.stream.datastream;
    if (now) this.#kept.set(key, now);
    else this.#kept.delete(key);
    if (now !== kept && kept.isTold()) this.#correct(kept, now);
  }

  #correct(before: Kept, now: Kept | undefined): void {
    const messages: FeedMessage[] = [];
    if (now?.topic !== before.topic) messages.push(emptyOf(before.topic));
    if (now && !isSame(now.message(), before.message())) messages.push(now.message());
    if (messages.length > 0) this.#send(messages);
  }

  async #load(streams: readonly Stream[]): Promise<void> {
    for (let i = 0; i < streams.length; i += STREAMS_A_TURN) {
      const some = streams.slice(i, i + STREAMS_A_TURN);
      const newest = await this.#options.reader.latest(some);
      this.#tell(some.flatMap((stream) => this.#keep(newest.get(stream.datastream.key)) ?? []));
      await nextTurn();
    }
  }

  #take(events: readonly LiveEvent[]): void {
    this.#batches.push(events);
    if (!this.#isTaking) void this.#takeAll();
  }

  async #takeAll(): Promise<void> {
    this.#isTaking = true;
    for (let batch = this.#batches.shift(); batch; batch = this.#batches.shift()) {
      for (let i = 0; i < batch.length; i += EVENTS_A_TURN) {
        if (i > 0) await nextTurn();
        const some = batch.slice(i, i + EVENTS_A_TURN);
        this.#tell(some.flatMap(({ observation }) => this.#keep(observation) ?? this.#late(observation) ?? []));
      }
    }
    this.#isTaking = false;
  }

  /** Keeps what is seen, newer than what is kept or the same instant judged anew. */
  #keep(observation: SeenObservation | undefined): Kept | undefined {
    const made = observation && this.#make(observation);
    if (!made) return undefined;
    const held = this.#kept.get(made.stream.datastream.key)?.observation;
    if (held && (held.phenomenonTime > made.observation.phenomenonTime || isSameValue(held, made.observation))) {
      return undefined;
    }
    this.#kept.set(made.stream.datastream.key, made);
    return made;
  }

  /** A value that came too late to be the newest is news all the same. */
  #late(observation: SeenObservation): Kept | undefined {
    const held = this.#kept.get(observation.datastream)?.observation;
    return held && observation.phenomenonTime < held.phenomenonTime ? this.#make(observation) : undefined;
  }

  /** As the public sees it at this moment; undefined where it does not. */
  #make(observation: SeenObservation): Kept | undefined {
    const { reader } = this.#options;
    const stream = reader.sees(observation);
    return stream && keptOf(reader, stream, observation);
  }

  #asSeenNow(kept: Kept): Kept | undefined {
    const stream = this.#options.reader.sees(kept.observation);
    return stream === kept.stream ? kept : this.#make(kept.observation);
  }

  #tell(told: readonly Kept[]): void {
    if (told.length === 0 || this.#listeners.size === 0) return;
    this.#send(
      told.map((kept) =>
        this.#kept.get(kept.stream.datastream.key) === kept ? kept.message() : { ...kept.message(), isNewest: false },
      ),
    );
  }

  #send(messages: readonly FeedMessage[]): void {
    for (const listener of this.#listeners) listener(messages);
  }
}

/** A thing without a place belongs to no municipality; no municipality has this name. */
const NOWHERE = '-';

/** Levels must not hold what MQTT gives a meaning (3.1.1 §4.7.1); of ours only channels and foreign properties can. */
const topicOf = ({ datastream, thing, municipality }: Stream): string =>
  ['plietsch', 'v1', municipality?.id ?? NOWHERE, thing.id, datastream.property, datastream.channel]
    .flatMap((level) => (level === undefined ? [] : encodeURIComponent(level)))
    .join('/');

const messageOf = (stream: Stream, seen: SeenObservation): FeedMessage => {
  const datasets = stream.datasets.map(({ id }) => id);
  const licences = [...new Set(stream.datasets.map(({ licence }) => licence))];
  const payload = Buffer.from(JSON.stringify({ ...presentLive(stream, seen), datasets, licences }));
  return { topic: topicOf(stream), payload, isNewest: true };
};

const keptOf = (reader: Reader, stream: Stream, observation: SeenObservation): Kept => {
  let made: FeedMessage | undefined;
  return {
    stream,
    observation,
    topic: topicOf(stream),
    message: () => {
      made ??= messageOf(stream, reader.shown(stream, observation));
      return made;
    },
    isTold: () => made !== undefined,
  };
};

const emptyOf = (topic: string): FeedMessage => ({ topic, payload: Buffer.alloc(0), isNewest: true });

const isSameValue = (a: SeenObservation, b: SeenObservation): boolean =>
  a.phenomenonTime === b.phenomenonTime && a.value === b.value && a.flag === b.flag && a.tests === b.tests;

const isSame = (a: FeedMessage, b: FeedMessage): boolean =>
  a.topic === b.topic && Buffer.compare(a.payload, b.payload) === 0;
