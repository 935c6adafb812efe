import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Mosquitto, mosquittoMissing, mosquittoProgram, startMosquitto } from '../../test/services/mosquitto.ts';
import { FeedPublisher } from './feed-publisher.ts';
import { silent, TestCounters, TestFeed } from './testing.ts';
import { publicFeedConfigSchema } from './transport-config.ts';

const LEVEL = 'plietsch/v1/laboe/gauge-1/water_level';
const BAY = 'plietsch/v1/stein/bay-1/occupied/1';
const PATIENT = { timeout: 15_000, interval: 20 };

describe.skipIf(!mosquittoProgram)(`the public feed at a real Mosquitto${mosquittoMissing}`, () => {
  let mosquitto: Mosquitto;
  let folder: string;
  let feed: TestFeed;
  let publisher: FeedPublisher;

  const createPublisher = () =>
    new FeedPublisher({
      config: {
        ...publicFeedConfigSchema.parse({
          username: 'hub',
          passwordFile: join(folder, 'password'),
          prefix: 'region/open',
          reconnectMs: 50,
        }),
        url: mosquitto.url,
      },
      feed,
      counters: new TestCounters(),
      logger: silent,
      clock: Date.now,
    });

  /** What a client finds that comes now. */
  const held = async (): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    const client = await connectAsync(mosquitto.url, { username: 'reader', password: 'reader-secret' });
    client.on('message', (topic, payload, { retain }) => {
      if (retain) found[topic] = payload.toString();
    });
    await client.subscribeAsync('region/#');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await client.endAsync(true);
    return found;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plietsch-feed-'));
    await writeFile(join(folder, 'password'), 'hub-secret\n', { mode: 0o600 });
    mosquitto = await startMosquitto([
      { name: 'hub', password: 'hub-secret', acl: ['topic readwrite region/open/#'] },
      { name: 'reader', password: 'reader-secret', acl: ['topic read region/#'] },
    ]);
    feed = new TestFeed();
    feed.topics.set(LEVEL, '1');
    publisher = createPublisher();
    await publisher.start();
    await vi.waitFor(() => expect(publisher.state.detail).toBe('publishing'), PATIENT);
  });
  afterEach(async () => {
    await publisher.stop();
    await mosquitto.stop();
    await rm(folder, { recursive: true });
  });

  it('is held there under its own prefix, kept up to date, and taken back', async () => {
    await vi.waitFor(
      async () => expect(await held()).toEqual({ 'region/open/laboe/gauge-1/water_level': '1' }),
      PATIENT,
    );
    feed.tell(BAY, '2');
    feed.tell(LEVEL, '3');
    await vi.waitFor(
      async () =>
        expect(await held()).toEqual({
          'region/open/laboe/gauge-1/water_level': '3',
          'region/open/stein/bay-1/occupied/1': '2',
        }),
      PATIENT,
    );
    feed.tell(LEVEL, '');
    await vi.waitFor(async () => expect(await held()).toEqual({ 'region/open/stein/bay-1/occupied/1': '2' }), PATIENT);
  }, 30_000);

  it('takes back what became private while the hub or the broker was away', async () => {
    feed.tell(BAY, '2');
    await vi.waitFor(async () => expect(Object.keys(await held())).toHaveLength(2), PATIENT);
    await publisher.stop();
    feed.topics.delete(BAY);
    publisher = createPublisher();
    await publisher.start();
    await vi.waitFor(
      async () => expect(await held()).toEqual({ 'region/open/laboe/gauge-1/water_level': '1' }),
      PATIENT,
    );
    expect(publisher.state.detail).toBe('publishing');
  }, 40_000);

  it('says where it may not read what the broker holds, though Mosquitto grants the subscription', async () => {
    await publisher.stop();
    await mosquitto.stop();
    mosquitto = await startMosquitto([
      { name: 'hub', password: 'hub-secret', acl: ['topic write region/open/#'] },
      { name: 'reader', password: 'reader-secret', acl: ['topic read region/#'] },
    ]);
    publisher = createPublisher();
    await publisher.start();
    await vi.waitFor(() => expect(publisher.state.detail).toContain('no right to read'), PATIENT);
    expect(await held()).toEqual({ 'region/open/laboe/gauge-1/water_level': '1' });
  }, 40_000);

  it('comes back after the broker did, with what is newest then', async () => {
    await mosquitto.kill();
    await vi.waitFor(() => expect(publisher.state.detail).toMatch(/^not published/), PATIENT);
    expect(publisher.state.ready).toBe(true);
    for (let i = 0; i < 1_000; i++) feed.tell(LEVEL, String(i));
    await mosquitto.start();
    await vi.waitFor(
      async () => expect(await held()).toEqual({ 'region/open/laboe/gauge-1/water_level': '999' }),
      PATIENT,
    );
  }, 40_000);
});

describe('the settings of the public feed', () => {
  it('are told where they cannot work', async () => {
    expect(publicFeedConfigSchema.safeParse({ url: 'http://x' }).success).toBe(false);
    expect(publicFeedConfigSchema.safeParse({ url: 'mqtt://x', ca: 'a.pem' }).success).toBe(false);
    expect(publicFeedConfigSchema.safeParse({ prefix: 'a/#' }).success).toBe(false);
    const broken = new FeedPublisher({
      config: { ...publicFeedConfigSchema.parse({ passwordFile: '/nowhere' }), url: 'mqtt://127.0.0.1:1' },
      feed: new TestFeed(),
      counters: new TestCounters(),
      logger: silent,
      clock: Date.now,
    });
    await expect(broken.start()).rejects.toMatchObject({ code: 'HUB_CONFIG_INVALID' });
  });
});
