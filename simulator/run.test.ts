import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Aedes } from 'aedes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, type EpochMs, HOUR, MINUTE } from '../model/time.ts';
import { demoRegion } from './demo-region.ts';
import { type Progress, publishHistory, type RunOptions, runLive } from './run.ts';
import { simulatedProfiles } from './sensors/models.ts';
import { createSimulation } from './simulation.ts';

const seed = 1;
const from = Date.UTC(2026, 2, 10);
// Mounted not long ago: what meters counted before would only have to be added up.
const region = demoRegion({ seed, deployedAt: from - 9 * DAY });
const encoders = new Map(
  simulatedProfiles.map((profile) => [profile, { encodeUplink: () => ({ fPort: 1, bytes: Uint8Array.of(1, 2) }) }]),
);
const credentials = {
  'demo-chirpstack': { username: 'chirpstack', password: 'secret-chirpstack' },
  'demo-tts': { username: 'tts', password: 'secret-tts' },
};

let aedes: Aedes;
let server: Server;
let port = 0;
let received: { readonly user: string; readonly line: string }[] = [];
/** Until when the broker acknowledges nothing, and lets nobody in. */
let silentUntil = 0;
let closedUntil = 0;
const after = (time: number, act: () => void): void => {
  if (Date.now() >= time) act();
  else setTimeout(act, time - Date.now());
};
const sockets = new Set<{ destroy(): void }>();

const listen = async (at: number): Promise<void> => {
  server = createServer(aedes.handle);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
};

const hangUp = async (): Promise<void> => {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
};

beforeEach(async () => {
  received = [];
  silentUntil = 0;
  closedUntil = 0;
  const users = new Map<string, string>();
  aedes = await Aedes.createBroker({
    authenticate: (client, username, password, done) => {
      const known = Object.values(credentials).find((login) => login.username === username);
      users.set(client.id, username ?? '');
      const right = known !== undefined && known.password === password?.toString();
      after(right ? closedUntil : 0, () => done(null, right));
    },
    authorizePublish: (client, packet, done) => {
      received.push({ user: users.get(client?.id ?? '') ?? '', line: `${packet.topic} ${packet.payload.toString()}` });
      after(silentUntil, () => done(null));
    },
  });
  await listen(0);
});
afterEach(async () => {
  await hangUp();
  await new Promise<void>((resolve) => aedes.close(() => resolve()));
});

const options = (more: Partial<RunOptions> = {}): RunOptions => ({
  seed,
  region,
  encoders,
  from,
  credentials,
  url: `mqtt://127.0.0.1:${port}`,
  signal: AbortSignal.timeout(20_000),
  ...more,
});

const expected = (begin: EpochMs, end: EpochMs): string[] => {
  const lines: string[] = [];
  for (const { at, topic, body } of createSimulation({ seed, region, from: begin, encoders }).messages) {
    if (at >= end) break;
    lines.push(`${topic} ${Buffer.from(body).toString()}`);
  }
  return lines;
};

const sorted = (lines: readonly string[]) => lines.toSorted();

describe('publishHistory', () => {
  it('publishes everything once, each network over its own log-in and in order', async () => {
    const reports: Progress[] = [];
    const until = from + 3 * HOUR;
    const done = await publishHistory({ ...options({ onProgress: (progress) => reports.push(progress) }), until });
    const lines = expected(from, until);
    expect(sorted(received.map(({ line }) => line))).toEqual(sorted(lines));
    for (const user of ['chirpstack', 'tts']) {
      const own = received.filter((entry) => entry.user === user).map(({ line }) => line);
      expect(own).toEqual(lines.filter((line) => line.startsWith(user === 'tts' ? 'v3/' : 'application/')));
    }
    expect(done).toMatchObject({ published: lines.length, phase: 'history' });
    expect(done.at).toBeGreaterThan(until - 5 * MINUTE);
    expect(Math.abs((done.total ?? 0) / lines.length - 1)).toBeLessThan(0.1);
    expect(reports.at(-1)).toEqual(done);
  });

  it('holds its rate', async () => {
    const begun = Date.now();
    const { published } = await publishHistory({ ...options(), until: from + HOUR, ratePerSecond: 500 });
    expect((1_000 * published) / (Date.now() - begun)).toBeLessThan(520);
  });

  it('does not make up for a pause of the broker with a flood', async () => {
    silentUntil = Date.now() + 1_000;
    const begun = Date.now();
    const { published } = await publishHistory({ ...options(), until: from + HOUR, ratePerSecond: 500 });
    // 200 may be in flight during the pause; the others have to keep the rate after it.
    expect(Date.now() - begun).toBeGreaterThan(1_000 + (1_000 * (published - 200)) / 500 - 200);
  });

  it('stops when told, and goes on from there without a gap', async () => {
    const controller = new AbortController();
    let last = from;
    const stopping = publishHistory({
      ...options({
        signal: controller.signal,
        onProgress: ({ at }) => {
          last = at;
          controller.abort();
        },
      }),
      until: from + DAY,
      ratePerSecond: 1_000,
    });
    await expect(stopping).rejects.toThrow();
    const until = last + HOUR;
    await publishHistory({ ...options({ from: last + 1 }), until });
    expect(new Set(received.map(({ line }) => line))).toEqual(new Set(expected(from, until)));
  });

  it('sends again what a broken connection swallowed', async () => {
    const until = from + 2 * HOUR;
    const at = port;
    const publishing = publishHistory({ ...options(), until, ratePerSecond: 600 });
    await sleep(400);
    await hangUp();
    await sleep(200);
    await listen(at);
    await publishing;
    expect(new Set(received.map(({ line }) => line))).toEqual(new Set(expected(from, until)));
  }, 20_000);

  it('says when the broker does not want it, and leaves no connection behind', async () => {
    // The other log-in is let in only after this one was refused.
    closedUntil = Date.now() + 200;
    const wrong = { ...credentials, 'demo-tts': { username: 'tts', password: 'wrong' } };
    await expect(publishHistory({ ...options({ credentials: wrong }), until: from + HOUR })).rejects.toMatchObject({
      code: 'HUB_UNAVAILABLE',
      message: expect.stringContaining('refuses tts'),
    });
    await sleep(300);
    expect(sockets.size).toBe(0);
  });

  it('can be stopped while the broker is not there', async () => {
    await hangUp();
    const publishing = publishHistory({ ...options({ signal: AbortSignal.timeout(200) }), until: from + HOUR });
    await expect(publishing).rejects.toMatchObject({ name: 'TimeoutError' });
    await listen(port);
    await sleep(1_200);
    expect(sockets.size).toBe(0);
  });
});

describe('runLive', () => {
  const during = async (ms: number, more: { now?: () => EpochMs; speed?: number }): Promise<number> => {
    const controller = new AbortController();
    const running = runLive({ ...options({ signal: controller.signal }), ...more });
    await sleep(ms);
    const count = received.length;
    controller.abort();
    await expect(running).rejects.toThrow();
    return count;
  };

  it('publishes what is overdue at once and waits for the rest', async () => {
    const begun = Date.now();
    const count = await during(1_000, { now: () => from + 10 * MINUTE + Date.now() - begun });
    expect(count).toBeGreaterThanOrEqual(expected(from, from + 10 * MINUTE).length);
    expect(count).toBeLessThanOrEqual(expected(from, from + 10 * MINUTE + 1_000).length);
  });

  it('may run ahead of the clock, and stops publishing when stopped', async () => {
    const count = await during(1_500, { speed: 600 });
    expect(count).toBeGreaterThan(expected(from, from + 6 * MINUTE).length);
    expect(count).toBeLessThanOrEqual(expected(from, from + 16 * MINUTE).length);
    await sleep(300);
    expect(received.length).toBeLessThan(count + 20);
  });
});
