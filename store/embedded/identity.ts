import { hash } from 'node:crypto';
import { HOUR, MINUTE } from '../../model/time.ts';
import type { NewEntry } from '../journal.ts';
import type { Database } from './database.ts';

/** Two uplinks of one device, counter, port and payload within this time are the same uplink. */
const SAME_UPLINK_WITHIN = 10 * MINUTE;
/** Rows of about one hour lie together, so that inserts and look-ups stay on pages that are in memory. */
const BUCKET = HOUR;
const TIMELESS = -1;

/** What makes two messages the same one, see DESIGN §4. */
export interface Identity {
  /** Of what is compared; a hit is confirmed by device, time, network and session. */
  readonly hash: number;
  /** undefined for messages without a time of their own: they are the same whenever they come. */
  readonly receivedAt: number | undefined;
  readonly message: number | null;
  /** The device address as a number. */
  readonly session: number | null;
}

/**
 * 53 bits of a text, by two multiplicative hashes of 32 bits with different multipliers (the finaliser is the one of
 * MurmurHash3, public domain). Fast rather than secret: a hit is confirmed before it counts.
 */
const digest = (text: string): number => {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995) + a;
  }
  a = Math.imul(a ^ (a >>> 16) ^ b, 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 13) ^ a, 0x7feb352d);
  return ((b ^ (b >>> 16)) >>> 11) * 2 ** 32 + ((a ^ (a >>> 15)) >>> 0);
};

export const identityOf = ({ network, topic, body, message }: NewEntry): Identity => {
  if (message.kind === 'unparsable' || message.kind === 'ignored') {
    // Of an oversize message only the beginning is kept; its detail carries the hash of the whole.
    const oversize = message.kind === 'unparsable' && message.code === 'HUB_ENVELOPE_TOO_LARGE';
    const content = oversize ? message.detail : hash('sha256', body, 'hex');
    return {
      hash: digest(`${message.kind}|${network}|${topic ?? ''}|${content}`),
      receivedAt: undefined,
      message: null,
      session: null,
    };
  }
  if (message.kind === 'writing') {
    return { hash: digest(`writing|${message.id}`), receivedAt: undefined, message: null, session: null };
  }
  const { receivedAt, messageId, devEui } = message;
  if (message.kind === 'uplink') {
    const { fCnt, fPort, bytes, devAddr } = message;
    const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    return {
      hash: digest(`${devEui}|${fCnt}|${fPort}|${payload}`),
      receivedAt,
      message: messageId === undefined ? null : digest(messageId),
      session: devAddr === undefined ? null : Number.parseInt(devAddr, 16),
    };
  }
  const content = messageId ?? hash('sha256', body, 'hex');
  return { hash: digest(`${message.kind}|${network}|${devEui}|${content}`), receivedAt, message: null, session: null };
};

interface Candidate {
  position: number;
  received_at: number;
  network: number;
  device: number | null;
  message: number | null;
  session: number | null;
}

/** Who sent a message, by their integers. */
interface Sender {
  readonly network: number;
  readonly device: number | null;
}

/** Finds and remembers identities. Rows outlive pruned journal entries. */
export class Identities {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Position of the message that is the same as this one. */
  find(identity: Identity, sender: Sender): number | undefined {
    const { receivedAt } = identity;
    if (receivedAt === undefined) return this.#candidates(TIMELESS, identity.hash)[0]?.position;
    const first = Math.floor((receivedAt - SAME_UPLINK_WITHIN) / BUCKET);
    const last = Math.floor((receivedAt + SAME_UPLINK_WITHIN) / BUCKET);
    for (let bucket = first; bucket <= last; bucket++) {
      for (const candidate of this.#candidates(bucket, identity.hash)) {
        if (isSame(candidate, identity, sender)) return candidate.position;
      }
    }
    return undefined;
  }

  remember(identity: Identity, { network, device }: Sender, position: number): void {
    const { receivedAt, hash: key, message, session } = identity;
    const bucket = receivedAt === undefined ? TIMELESS : Math.floor(receivedAt / BUCKET);
    this.#database
      .statement(
        'INSERT INTO identity (bucket, hash, position, received_at, network, device, message, session) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(bucket, key, position, receivedAt ?? 0, network, device, message, session);
  }

  #candidates(bucket: number, key: number): Candidate[] {
    return this.#database
      .statement(
        'SELECT position, received_at, network, device, message, session FROM identity WHERE bucket = ? AND hash = ?',
      )
      .all(bucket, key) as unknown as Candidate[];
  }
}

const isSame = (candidate: Candidate, identity: Identity, { network, device }: Sender): boolean => {
  if (identity.receivedAt === undefined) return true;
  if (candidate.device !== device) return false;
  if (Math.abs(candidate.received_at - identity.receivedAt) > SAME_UPLINK_WITHIN) return false;
  if (candidate.network === network && candidate.message !== null && identity.message !== null) {
    return candidate.message === identity.message;
  }
  return candidate.session === null || identity.session === null || candidate.session === identity.session;
};
