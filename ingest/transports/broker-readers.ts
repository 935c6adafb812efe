import type { Client } from 'aedes';
import mqttPacket from 'mqtt-packet';
import { clientOf } from '../../model/client-address.ts';
import type { FeedMessage, PublicFeed } from '../../model/ports.ts';
import { FeedReader } from './feed-reader.ts';
import { matchesLevels, parseFilter, type TopicFilter } from './topic-filter.ts';

export interface BrokerReadersOptions {
  readonly feed: PublicFeed;
  readonly maxReaders: number;
  /** An address has no more than these places. */
  readonly maxPerAddress: number;
  /** A reader was ended, and why. */
  readonly onEnded: (reason: string) => void;
}

interface Entered {
  readonly reader: FeedReader;
  readonly address: string;
}

/** Clients of the embedded broker that read the public feed. */
export class BrokerReaders {
  readonly #options: BrokerReadersOptions;
  readonly #readers = new Map<Client, Entered>();
  #stopListening: (() => void) | undefined;

  constructor(options: BrokerReadersOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#readers.size;
  }

  /** Whether one more may come from where this client comes; it then has its place. */
  enter(client: Client): boolean {
    const { maxReaders, maxPerAddress, onEnded } = this.#options;
    const address = addressOf(client);
    const alike = [...this.#readers.values()].filter((entered) => entered.address === address).length;
    if (this.#readers.size >= maxReaders || (address !== '' && alike >= maxPerAddress)) return false;
    const reader = new FeedReader({ out: client.conn, onSlow: () => onEnded('slowReader') });
    this.#readers.set(client, { reader, address });
    // Without readers the feed need not put messages together.
    this.#stopListening ??= this.#options.feed.subscribe((messages) => this.#hand(messages));
    client.conn.once('close', () => this.#leave(client));
    return true;
  }

  #leave(client: Client): void {
    this.#readers.delete(client);
    if (this.#readers.size > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  /** Sends what the topics of new subscriptions hold. */
  subscribed(client: Client, subscriptions: readonly { readonly topic: string; readonly qos: number }[]): void {
    const entered = this.#readers.get(client);
    if (!entered) return;
    for (const { topic, qos } of subscriptions) {
      // 128 stands for a refusal; the feed's own messages are of QoS 1 at most.
      if (qos > 2) continue;
      const filter = parseFilter(topic);
      const passes = (name: string): boolean => matchesLevels(filter, name.split('/'));
      entered.reader.catchUp(topic, { messages: this.#options.feed.newest(passes), qos: qos === 0 ? 0 : 1 });
    }
  }

  acknowledged(client: Client): void {
    this.#readers.get(client)?.reader.acknowledged();
  }

  /** Nobody waits for anybody: what a reader cannot take now waits at the reader, bounded. */
  #hand(messages: readonly FeedMessage[]): void {
    const prepared = messages.map((message) => ({
      message,
      levels: message.topic.split('/'),
      bytes: bytesOf(message),
    }));
    for (const [client, { reader }] of this.#readers) {
      const filters = filtersOf(client);
      if (filters.length === 0) continue;
      for (const { message, levels, bytes } of prepared) {
        const qos = qosFor(filters, levels);
        if (qos !== undefined) reader.take({ message, qos, bytes });
      }
    }
  }
}

/** The packet of QoS 0 is the same for all. */
const bytesOf = ({ topic, payload }: FeedMessage): Buffer =>
  mqttPacket.generate({ cmd: 'publish', topic, payload: Buffer.from(payload), qos: 0, dup: false, retain: false });

interface Granted {
  readonly filter: TopicFilter;
  readonly qos: number;
}

const filtersOf = (client: Client): Granted[] => {
  const { subscriptions } = client as unknown as { subscriptions: Readonly<Record<string, { readonly qos: number }>> };
  return Object.entries(subscriptions).map(([topic, { qos }]) => ({ filter: parseFilter(topic), qos }));
};

/** Overlapping subscriptions bring a message once, at the highest QoS among them (MQTT 3.1.1 §3.3.5). */
const qosFor = (filters: readonly Granted[], levels: readonly string[]): 0 | 1 | undefined => {
  let found: 0 | 1 | undefined;
  for (const { filter, qos } of filters) {
    if (!matchesLevels(filter, levels)) continue;
    if (qos > 0) return 1;
    found = 0;
  }
  return found;
};

/** Empty where it is not known who is behind it: a WebSocket, or a proxy on this machine. */
const addressOf = ({ conn }: Client): string => {
  const { remoteAddress = '' } = conn as { remoteAddress?: string };
  return /^(::ffff:)?127\.|^::1$/.test(remoteAddress) ? '' : clientOf(remoteAddress);
};
