import { once } from 'node:events';
import { connectAsync } from 'mqtt';

/** What the baseline is told to do. */
export interface BareJob {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly count: number;
}

export type FromBare = { readonly type: 'subscribed' } | { readonly type: 'done'; readonly at: number };

/**
 * Entry of the baseline process: the least that anything built on mqtt.js does with a message. It is acknowledged by
 * mqtt.js, counted, and forgotten; nothing is parsed or stored.
 */
const send = (message: FromBare): void => {
  process.send?.(message);
};

const [{ url, user, password, count }] = (await once(process, 'message')) as [BareJob];
const client = await connectAsync(url, { clientId: user, username: user, password, clean: false });
let received = 0;
client.on('message', () => {
  received++;
  if (received === count) send({ type: 'done', at: Date.now() });
});
await client.subscribeAsync('application/+/device/+/event/+', { qos: 1 });
send({ type: 'subscribed' });
