import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import pino from 'pino';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createAuthority, createCertificate, opensslMissing, type PemFiles } from '../../test/services/certificates.ts';
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../../test/services/mosquitto.ts';
import { Subscriber } from './subscriber.ts';
import { TestCounters, TestIntake, until } from './testing.ts';
import { subscriberConfigSchema } from './transport-config.ts';

const UP = 'application/1/device/24e124710b000001/event/up';
const users = [
  { name: 'hub', password: 'hub-secret', acl: ['topic read application/#'] },
  { name: 'lns', password: 'lns-secret', acl: ['topic write application/#'] },
];
const missing = mosquittoMissing || opensslMissing;

describe.skipIf(missing)(`subscriber at a Mosquitto with TLS${missing}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'plietsch-tls-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const create = (): Record<'authority' | 'stranger' | 'localhost' | 'elsewhere', PemFiles> => {
    const authority = createAuthority(folder, 'authority');
    return {
      authority,
      stranger: createAuthority(folder, 'stranger'),
      localhost: createCertificate(folder, 'localhost', authority),
      elsewhere: createCertificate(folder, 'broker.example', authority),
    };
  };
  const pem = missing ? undefined : create();
  const { authority, stranger, localhost, elsewhere } = pem as NonNullable<typeof pem>;

  let mosquitto: Mosquitto;
  let subscriber: Subscriber;
  let intake: TestIntake;
  let counters: TestCounters;
  let log: { level: number; code?: string; pauseMs?: number }[];
  afterEach(async () => {
    await subscriber.stop();
    await mosquitto.stop();
  });

  const subscribe = async (settings: object): Promise<void> => {
    intake = new TestIntake();
    counters = new TestCounters();
    log = [];
    subscriber = new Subscriber({
      config: subscriberConfigSchema.parse({
        network: 'kreis',
        url: mosquitto.url,
        clientId: 'hub',
        username: 'hub',
        password: 'hub-secret',
        reconnectMinMs: 50,
        reconnectMaxMs: 400,
        ...settings,
      }),
      topics: ['application/+/device/+/event/+'],
      intake,
      counters,
      logger: pino({ level: 'info' }, { write: (line: string) => log.push(JSON.parse(line)) }),
      clock: Date.now,
      random: () => 1,
    });
    await subscriber.start();
  };
  const publish = async (): Promise<void> => {
    const ca = readFileSync(authority.cert);
    const publisher = await connectAsync(mosquitto.url, { username: 'lns', password: 'lns-secret', ca });
    await publisher.publishAsync(UP, 'safe', { qos: 1 });
    await publisher.endAsync();
  };
  const attempts = () => counters.counts.get('plietsch_transport_connections_total subscriber lost') ?? 0;

  it('takes messages where it knows the authority', async () => {
    mosquitto = await startMosquitto(users, localhost);
    await subscribe({ ca: authority.cert });
    await until(() => subscriber.state.ready);
    await publish();
    await until(() => intake.messages.length === 1);
    expect(intake.messages[0]).toMatchObject({ network: 'kreis', topic: UP });
  });

  it.each([
    ['of an unknown authority', () => localhost, () => ({ ca: stranger.cert }), /UNABLE_TO_VERIFY_LEAF_SIGNATURE/],
    ['where no authority is named', () => localhost, () => ({}), /UNABLE_TO_VERIFY_LEAF_SIGNATURE/],
    ['for another host', () => elsewhere, () => ({ ca: authority.cert }), /ERR_TLS_CERT_ALTNAME_INVALID.*localhost/],
  ])('refuses a certificate %s, says so, and tries again ever more slowly', async (_, server, settings, reason) => {
    mosquitto = await startMosquitto(users, server());
    await subscribe(settings());
    await until(() => attempts() === 4);
    expect(subscriber.state.ready).toBe(false);
    expect(subscriber.state.detail).toMatch(/^HUB_TLS_REFUSED: /);
    expect(subscriber.state.detail).toMatch(reason);
    expect(log.map(({ code, pauseMs }) => [code, pauseMs])).toEqual(
      [50, 100, 200, 400].map((pauseMs) => ['HUB_TLS_REFUSED', pauseMs]),
    );
  });

  it('connects by itself once the broker has the right certificate', async () => {
    const server = { cert: join(folder, 'server.pem'), key: join(folder, 'server.key') };
    const install = ({ cert, key }: PemFiles) => {
      copyFileSync(cert, server.cert);
      copyFileSync(key, server.key);
    };
    install(elsewhere);
    mosquitto = await startMosquitto(users, server);
    await subscribe({ ca: authority.cert });
    await until(() => attempts() > 0);
    install(localhost);
    await mosquitto.kill();
    await mosquitto.start();
    await until(() => subscriber.state.ready);
  });

  it('shows a certificate of its own where the broker asks for one', async () => {
    mosquitto = await startMosquitto(users, { ...localhost, clientCa: authority.cert });
    await subscribe({ ca: authority.cert });
    await until(() => attempts() > 0);
    await subscriber.stop();
    const { cert, key } = createCertificate(folder, 'hub', authority);
    await subscribe({ ca: authority.cert, cert, key });
    await until(() => subscriber.state.ready);
  });
});
