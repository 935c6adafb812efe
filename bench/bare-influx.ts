import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createConnection } from 'node:net';
import { generate, type IPublishPacket, parser } from 'mqtt-packet';
import type { BareJob, FromBare } from './bare-subscriber.ts';
import { VALUES_PER_UPLINK } from './workload.ts';

/** What the baseline with InfluxDB is told to do. */
export interface InfluxJob extends BareJob {
  readonly influxUrl: string;
  readonly org: string;
  readonly bucket: string;
  readonly token: string;
  /** Points of the hub's own schema (one per value), or one point per uplink with a field per value, as Telegraf writes. */
  readonly shape: 'hub' | 'one-point';
}

/**
 * Entry of the baseline that acknowledges after the 204: parses the envelope, writes four values, and nothing else; no
 * journal, no deduplication, no codec. Speaks MQTT over a bare socket, since that is the least it could cost.
 */
const MOST_AT_ONCE = 5_000;
const GATHER_MS = 10;
const properties = ['battery_level', 'container_temperature', 'distance', 'tilt'].slice(0, VALUES_PER_UPLINK);

const send = (message: FromBare): void => {
  process.send?.(message);
};

const [job] = (await once(process, 'message')) as [InfluxJob];
const { hostname, port } = new URL(job.url);
const socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
const packets = parser({ protocolVersion: 4 });
const agent = new Agent({ keepAlive: true });
const influx = new URL(job.influxUrl);
const path = `/api/v2/write?${new URLSearchParams({ org: job.org, bucket: job.bucket, precision: 'ms' }).toString()}`;

const waiting: IPublishPacket[] = [];
let writing = false;
let stored = 0;

const linesOf = (packet: IPublishPacket): string => {
  const { deviceInfo, time, fCnt } = JSON.parse(String(packet.payload)) as {
    deviceInfo: { devEui: string };
    time: string;
    fCnt: number;
  };
  const thing = `bench-${deviceInfo.devEui}`;
  const at = Date.parse(time);
  if (job.shape === 'one-point') {
    const fields = properties.map((property, i) => `${property}=${(fCnt % 97) + i + 0.5}`);
    return `uplink,thing=${thing} ${fields.join(',')} ${at}`;
  }
  return properties
    .map(
      (property, i) =>
        `${property},datastream=${thing}.${property},thing=${thing} value=${(fCnt % 97) + i + 0.5},origin=${fCnt}i ${at}`,
    )
    .join('\n');
};

const write = (body: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const { hostname: host, port: influxPort } = influx;
    const headers = { authorization: `Token ${job.token}` };
    const sent = request({ agent, host, port: influxPort, path, method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 204 ? resolve() : reject(new Error(`InfluxDB answered ${response.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });

const flush = async (): Promise<void> => {
  if (writing || waiting.length === 0) return;
  writing = true;
  const batch = waiting.splice(0, MOST_AT_ONCE);
  await write(batch.map(linesOf).join('\n'));
  socket.write(Buffer.concat(batch.map(({ messageId = 0 }) => generate({ cmd: 'puback', messageId }))));
  stored += batch.length;
  writing = false;
  if (stored === job.count) send({ type: 'done', at: Date.now() });
  if (waiting.length >= MOST_AT_ONCE) void flush();
};
setInterval(() => void flush(), GATHER_MS);

packets.on('packet', (packet) => {
  if (packet.cmd === 'connack') {
    const subscriptions = [{ topic: 'application/+/device/+/event/+', qos: 1 as const }];
    socket.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions }));
  } else if (packet.cmd === 'suback') send({ type: 'subscribed' });
  else if (packet.cmd === 'publish') {
    waiting.push(packet);
    if (waiting.length >= MOST_AT_ONCE) void flush();
  }
});
socket.on('data', (data: Buffer) => packets.parse(data));
socket.write(
  generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: false,
    keepalive: 0,
    clientId: job.user,
    username: job.user,
    password: Buffer.from(job.password),
  }),
);
