import type { PublishPacket } from 'aedes';
import type { NetworkAdapter } from '../networks/adapter.ts';
import { covers, matches, parseFilter, parseSharedFilter, type TopicFilter } from './topic-filter.ts';

/** Characters of a topic or filter: every distinct topic is remembered by the journal. */
export const MAX_TOPIC_LENGTH = 1_000;
/** Topic and properties of a PUBLISH; no network server sends as much, and thousands of properties take megabytes. */
const MAX_HEAD_BYTES = 16 * 1024;

/** What a client may do at the embedded broker. */
export interface ClientAccess {
  /** The network that it speaks for; undefined for a reader of the public feed. */
  readonly network: string | undefined;
  readonly mayPublish: (topic: string) => boolean;
  readonly maySubscribe: (filter: string) => boolean;
}

export interface NetworkTopics {
  readonly events?: readonly string[] | undefined;
  readonly downlinks?: readonly string[] | undefined;
}

/** A network publishes its event topics and reads its downlink topics: the adapter's, or those configured instead. */
export const createAccess = (network: string, adapter: NetworkAdapter, topics: NetworkTopics = {}): ClientAccess => {
  const events = (topics.events ?? adapter.eventTopics).map(parseFilter);
  const downlinks = (topics.downlinks ?? adapter.downlinkTopics).map(parseFilter);
  return {
    network,
    mayPublish: (topic) => !topic.startsWith('$') && events.some((filter) => matches(filter, topic)),
    maySubscribe: (text) => text.length <= MAX_TOPIC_LENGTH && isCovered(downlinks, parseSharedFilter(text).filter),
  };
};

/** First levels of the topics of the public feed. */
const PUBLIC_TOPICS = parseFilter('plietsch/v1/#');

/** Whoever comes without a log-in may read the public feed, and nothing else. */
export const publicAccess: ClientAccess = {
  network: undefined,
  mayPublish: () => false,
  maySubscribe: (text) => text.length <= MAX_TOPIC_LENGTH && covers(PUBLIC_TOPICS, parseFilter(text)),
};

const isCovered = (allowed: readonly TopicFilter[], filter: TopicFilter): boolean =>
  allowed.some((wide) => covers(wide, filter));

/** Why a client may not publish this; undefined where it may. */
export const refusalOf = (access: ClientAccess, packet: PublishPacket): string | undefined => {
  if (packet.retain) return 'retain';
  if (packet.topic.startsWith('$')) return 'systemTopic';
  if ((packet.length ?? 0) - packet.payload.length > MAX_HEAD_BYTES) return 'properties';
  return packet.topic.length <= MAX_TOPIC_LENGTH && access.mayPublish(packet.topic) ? undefined : 'topic';
};
