import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { generate } from 'mqtt-packet';
import type { FromPublisher, PublishJob } from './publisher-process.ts';
import { RawConnection } from './raw-connection.ts';
import { messageOf, pastTimeOf } from './workload.ts';

/** Entry of the publisher process: prepares its packets, connects, and waits for `go`. */
const LIVE_TICK_MS = 2;
const MAX_ID = 65_535;

const send = (message: FromPublisher): void => {
  process.send?.(message);
};

/** Packet ids may come again: far fewer than 65,535 are ever unacknowledged. */
const packetOf = (n: number, time: number): Buffer => {
  const { topic, body } = messageOf(n, time);
  return generate({
    cmd: 'publish',
    topic,
    payload: body,
    qos: 1,
    dup: false,
    retain: false,
    messageId: 1 + (n % MAX_ID),
  });
};

/** Uplinks n, n + step, … of one connection as one piece, so that sending is one write for many. */
const prepare = (connection: RawConnection, first: number, { count, end, logins }: PublishJob): void => {
  const packets: Buffer[] = [];
  for (let n = first; n < count; n += logins.length) packets.push(packetOf(n, pastTimeOf(n, { count, end })));
  connection.load(packets);
};

const flood = async (connections: readonly RawConnection[]): Promise<void> => {
  await Promise.all(connections.map((connection) => connection.sendAll()));
};

/** Evenly in time; what a late timer missed is made up for at once. */
const pace = async (connections: readonly RawConnection[], job: PublishJob): Promise<void> => {
  const { count, ratePerS = 1, isPast = false } = job;
  const begin = performance.now();
  let n = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor(((performance.now() - begin) * ratePerS) / 1000));
      for (; n < due; n++)
        connections[n % connections.length]?.send(packetOf(n, isPast ? pastTimeOf(n, job) : Date.now()));
      if (n < count) return;
      clearInterval(timer);
      resolve();
    }, LIVE_TICK_MS);
  });
  await Promise.all(connections.map((connection) => connection.drained()));
};

const work = async (): Promise<void> => {
  const [job] = (await once(process, 'message')) as [PublishJob];
  const connections = job.logins.map((login) => new RawConnection(login, job.window));
  if (job.ratePerS === undefined) for (const [i, connection] of connections.entries()) prepare(connection, i, job);
  await Promise.all(connections.map((connection) => connection.open(job.port)));
  const go = once(process, 'message');
  send({ type: 'ready' });
  await go;
  const cpu = process.cpuUsage();
  const firstPublishAt = Date.now();
  await (job.ratePerS === undefined ? flood(connections) : pace(connections, job));
  const lastAckAt = Date.now();
  const { user, system } = process.cpuUsage(cpu);
  send({
    type: 'done',
    firstPublishAt,
    lastAckAt,
    acknowledged: connections.reduce((sum, connection) => sum + connection.acknowledged, 0),
    cpuS: (user + system) / 1e6,
    bodyBytes: messageOf(job.count - 1, job.end).body.length,
  });
  // Lives on until it is stopped, so that its CPU time can still be read.
};

work().catch((thrown: unknown) => {
  send({ type: 'failed', message: String(thrown) });
  process.exitCode = 1;
  process.disconnect?.();
});
