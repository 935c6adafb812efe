import { hash } from 'node:crypto';
import { asHubError } from '../model/errors.ts';
import type { EpochMs } from '../model/time.ts';
import type { ParsedMessage } from '../model/uplink.ts';
import type { NewEntry } from '../store/journal.ts';
import type { NetworkAdapter } from './networks/adapter.ts';

/** How much of an oversize message is kept. */
export const OVERSIZE_KEPT_BYTES = 4096;

export interface IncomingMessage {
  readonly network: string;
  readonly topic?: string;
  readonly body: Uint8Array;
  readonly arrivedAt: EpochMs;
}

export interface IntakeOptions {
  /** The adapter of each configured network. */
  readonly adapters: ReadonlyMap<string, NetworkAdapter>;
  /** A message above this is dead-lettered with its hash and its beginning. */
  readonly maxBodyBytes: number;
}

/** What an adapter makes of a body; faults become a value, since a faulty message is journaled all the same. */
export const parseMessage = (
  adapter: NetworkAdapter | undefined,
  { topic, body, arrivedAt }: Pick<IncomingMessage, 'topic' | 'body' | 'arrivedAt'>,
): ParsedMessage => {
  if (!adapter) return { kind: 'unparsable', code: 'HUB_NETWORK_UNKNOWN', detail: 'The network is not configured' };
  try {
    return adapter.parse(topic, body, arrivedAt);
  } catch (thrown) {
    const { code, message } = asHubError(thrown, 'HUB_ENVELOPE_INVALID');
    return { kind: 'unparsable', code, detail: message.slice(0, 500) };
  }
};

/** A message as it will be journaled: parsed for identity and books, its body untouched. */
export const prepareEntry = (message: IncomingMessage, { adapters, maxBodyBytes }: IntakeOptions): NewEntry => {
  const { network, topic, body, arrivedAt } = message;
  if (body.byteLength > maxBodyBytes) {
    const detail = `${body.byteLength} bytes, limit ${maxBodyBytes}; sha256 ${hash('sha256', body, 'hex')}; the first ${OVERSIZE_KEPT_BYTES} are kept`;
    return {
      ...message,
      body: body.subarray(0, OVERSIZE_KEPT_BYTES),
      message: { kind: 'unparsable', code: 'HUB_ENVELOPE_TOO_LARGE', detail },
    };
  }
  const parsed = parseMessage(adapters.get(network), message);
  return { network, ...(topic !== undefined && { topic }), body, arrivedAt, message: parsed };
};
