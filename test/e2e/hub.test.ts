import { execFile } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Books } from '../../store/journal.ts';
import { devEuiOf, topicOf, uplinkBody } from '../support/chirpstack-uplink.ts';
import {
  callHub,
  eventually,
  getJson,
  type HubProcess,
  NETWORK,
  newFolder,
  startHubProcess,
} from '../support/hub-process.ts';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;
const DEVICE = devEuiOf(1);
const NOW = Date.now();

/** The command line against the running hub, as a person would call it. */
const plietsch = async (hub: HubProcess, ...args: string[]): Promise<{ code: number; out: string; error: string }> => {
  const env = { PATH: process.env.PATH, PLIETSCH_DATA: hub.folder };
  try {
    const { stdout, stderr } = await run(process.execPath, [join(root, 'main.ts'), ...args], { env });
    return { code: 0, out: stdout, error: stderr };
  } catch (thrown) {
    const { code, stdout, stderr } = thrown as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, error: stderr };
  }
};

const region = `
municipalities:
  - { id: laboe, name: Laboe, key: "01057043" }
sites:
  - { id: hafen, name: Hafen, municipality: laboe, geometry: { type: Point, coordinates: [10.2269, 54.4031] } }
things:
  - { id: glas-1, name: Weißglas Hafen, kind: container_slot, site: hafen }
devices:
  - { id: ${DEVICE}, profile: milesight/em400-tld }
deployments:
  - { id: glas-1-a, device: ${DEVICE}, thing: glas-1, from: "2026-01-01T00:00:00Z", parameters: { emptyDistanceMm: 2000, fullDistanceMm: 500 } }
datasets:
  - id: abfall
    title: { de: Abfall, en: Waste }
    description: { de: Füllstände, en: Fill levels }
    publisher: laboe
    licence: dl-de/zero-2-0
    visibility: open
    members: { properties: [fill_level] }
`;

interface Latest {
  readonly items: readonly { readonly datastream: string; readonly value: number; readonly quality: string }[];
}

describe('a hub', () => {
  let hub: HubProcess;
  let client: MqttClient;
  const publish = (topic: string, body: Buffer | string): Promise<unknown> =>
    client.publishAsync(topic, body, { qos: 1 });
  const books = async (): Promise<Books> => {
    const { items } = await getJson<{ items: Books[] }>(hub.run, '/api/v1/books');
    const [today] = items;
    if (!today) throw new Error('no books');
    return today;
  };
  const settled = () => eventually(books, (today) => today.pending === 0);

  beforeAll(async () => {
    hub = await startHubProcess();
    client = await mqtt.connectAsync(`mqtt://127.0.0.1:${hub.run.mqttPort}`, {
      username: NETWORK.user,
      password: NETWORK.password,
      clientId: 'chirpstack',
    });
  });
  afterAll(async () => {
    client.end(true);
    await hub.kill('SIGTERM');
  });

  it('tells only its owner where it runs', () => {
    expect(statSync(join(hub.folder, 'run.json')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(hub.folder, 'run.json'), 'utf8'))).toMatchObject({ pid: hub.child.pid });
  });

  it('is the only owner of its folder, and stays reachable when a second one is refused', async () => {
    const second = await plietsch(hub, 'start');
    expect(second).toMatchObject({ code: 1 });
    expect(second.error).toContain('HUB_DATA_LOCKED');
    expect(JSON.parse(readFileSync(join(hub.folder, 'run.json'), 'utf8'))).toMatchObject({ pid: hub.child.pid });
  });

  it('journals a device that nobody knows and lists it', async () => {
    await publish(topicOf(DEVICE), uplinkBody({ devEui: DEVICE, fCnt: 1, time: NOW - 60_000, distanceMm: 1250 }));
    expect(await settled()).toMatchObject({ received: 1, unknownDevice: 1 });
    const { items } = await getJson<{ items: { devEui: string }[] }>(hub.run, '/api/v1/unknown-devices');
    expect(items.map((device) => device.devEui)).toEqual([DEVICE]);
  });

  it('takes a region file, says what it changed, and reads the device’s past', async () => {
    const file = join(newFolder('region'), 'region.yaml');
    writeFileSync(file, region);
    expect(await plietsch(hub, 'region', 'import', file)).toMatchObject({ code: 0 });
    const again = await plietsch(hub, 'region', 'import', file, '--json');
    expect(again.out).not.toContain('"created"');
    const lost = await plietsch(hub, 'region', 'export', '/nowhere/region.yaml');
    expect(lost).toMatchObject({ code: 1, error: expect.stringMatching(/^ENOENT: .*'\/nowhere\/region.yaml'\n$/) });
    const latest = () => getJson<Latest>(hub.run, '/api/v1/latest?property=fill_level');
    const { items } = await eventually(latest, (answer) => answer.items.length === 1);
    expect(items[0]).toMatchObject({ datastream: 'glas-1.fill_level', value: 50, quality: 'pass' });
    expect(await settled()).toMatchObject({ unknownDevice: 0, decoded: 1 });
  });

  it('shows an uplink live, once, and to the public only what is open', async () => {
    const controller = new AbortController();
    const stream = await fetch(new URL('/api/v1/live', hub.run.httpUrl), { signal: controller.signal });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const body = uplinkBody({ devEui: DEVICE, fCnt: 2, time: NOW, distanceMm: 800 });
    await publish(topicOf(DEVICE), body);
    await publish(topicOf(DEVICE), body);
    let text = '';
    while (!text.includes('fill_level')) text += (await reader?.read())?.value ?? '';
    controller.abort();
    expect(text).toContain('glas-1.fill_level');
    expect(text).not.toContain('battery_level');
    expect(text).not.toContain('glas-1.distance');
    expect(await settled()).toMatchObject({ received: 3, duplicates: 1, decoded: 2 });
  });

  it('explains a value: message, gateways, codec, deployment', async () => {
    const trace = await (await callHub(hub.run, '/api/v1/uplinks/2/trace')).text();
    for (const part of ['24e124fffef00001', 'milesight/em400-tld@', 'glas-1-a', '-97', 'decoded'])
      expect(trace).toContain(part);
  });

  it('keeps its doors: no token, a wrong token, a reader', async () => {
    const status = async (path: string, token?: string, method = 'GET') => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return (await fetch(new URL(path, hub.run.httpUrl), { method, headers })).status;
    };
    expect(await status('/api/v1/books')).toBe(401);
    expect(await status('/api/v1/books', 'plt_x_y')).toBe(401);
    const created = await plietsch(hub, 'token', 'create', '--role', 'reader', '--json');
    const { token } = JSON.parse(created.out) as { token: string };
    expect(await status('/api/v1/devices', token)).toBe(200);
    expect(await status('/api/v1/books', token)).toBe(403);
    expect(await status('/api/v1/backup', token, 'POST')).toBe(403);
    expect(await status('/ingest/north', token, 'POST')).toBe(404);
    expect(await status('/api/v1/datastreams/glas-1.fill_level')).toBe(200);
    expect(await status('/api/v1/datastreams/glas-1.distance')).toBe(404);
  });

  it('writes a backup while it runs; a restore brings everything back and overwrites nothing', async () => {
    const file = join(newFolder('backup'), 'hub.db');
    expect(await plietsch(hub, 'backup', file)).toMatchObject({ code: 0 });
    expect((await plietsch(hub, 'backup', file)).error).toContain('HUB_CONFLICT');
    const other = { ...hub, folder: newFolder('restored') };
    expect(await plietsch(other, 'restore', file)).toMatchObject({ code: 0 });
    expect((await plietsch(other, 'restore', file)).error).toContain('HUB_CONFLICT');
    expect((await plietsch(hub, 'restore', file)).error).toContain('HUB_DATA_LOCKED');
    const devices = await plietsch(other, 'devices', 'list', '--json');
    expect(devices.out).toContain(DEVICE);
  });

  it('replays by command, with a difference that a dry run leaves unapplied', async () => {
    const dry = await plietsch(
      hub,
      'reprocess',
      '--device',
      DEVICE,
      '--since',
      '2026-01-01T00:00:00Z',
      '--dry-run',
      '--json',
    );
    expect(dry.code, dry.error).toBe(0);
    expect(dry.out).toMatch(/"changed":\s*0/);
  });

  describe('given something bad', () => {
    const broken = (change: (document: Record<string, unknown>) => void): string => {
      const document = JSON.parse(
        uplinkBody({ devEui: DEVICE, fCnt: 900 + Math.floor(Math.random() * 60_000), time: NOW }).toString(),
      ) as Record<string, unknown>;
      change(document);
      return JSON.stringify(document);
    };
    const codesOf = async (): Promise<Map<string, number>> => {
      const { items } = await getJson<{ items: { code: string }[] }>(hub.run, '/api/v1/dead-letters?limit=1000');
      const codes = new Map<string, number>();
      for (const { code } of items) codes.set(code, (codes.get(code) ?? 0) + 1);
      return codes;
    };

    it.each<[string, string | Buffer, string]>([
      ['no JSON', 'hello', 'HUB_ENVELOPE_NOT_JSON'],
      [
        'a wrong type',
        broken((d) => {
          d.data = 7;
        }),
        'HUB_ENVELOPE_INVALID',
      ],
      [
        'a counter that is no number',
        broken((d) => {
          d.fCnt = 'NaN';
        }),
        'HUB_ENVELOPE_INVALID',
      ],
      [
        'no DevEUI',
        broken((d) => {
          d.deviceInfo = {};
        }),
        'HUB_ENVELOPE_NO_DEVICE',
      ],
      [
        'a clock of 1970',
        broken((d) => {
          d.time = '1970-01-01T00:00:00Z';
          d.rxInfo = [];
        }),
        'HUB_ENVELOPE_TIME',
      ],
      [
        'a clock of 2100',
        broken((d) => {
          d.time = '2100-01-01T00:00:00Z';
          d.rxInfo = [];
        }),
        'HUB_ENVELOPE_TIME',
      ],
      [
        'an unknown port',
        broken((d) => {
          d.fPort = 9;
        }),
        'HUB_CODEC_UNKNOWN_PORT',
      ],
      [
        'a truncated payload',
        broken((d) => {
          d.data = Buffer.from('0367', 'hex').toString('base64');
        }),
        'HUB_CODEC_PAYLOAD',
      ],
      ['ten megabytes', Buffer.alloc(10 * 1024 * 1024, 'x'), 'HUB_ENVELOPE_TOO_LARGE'],
    ])('%s: acknowledged, and a dead letter', async (_, body, code) => {
      const before = (await codesOf()).get(code) ?? 0;
      await publish(topicOf(DEVICE), body);
      await settled();
      expect((await codesOf()).get(code) ?? 0).toBe(before + 1);
    });

    it('counts them all, and the books still balance', async () => {
      const today = await settled();
      const { received, duplicates, pending, decoded, other, ignored, notPlaced, unknownDevice, deadLetter } = today;
      expect(duplicates + pending + decoded + other + ignored + notPlaced + unknownDevice + deadLetter).toBe(received);
      const metrics = () => fetch(new URL('/metrics', hub.run.httpUrl)).then((answer) => answer.text());
      const text = await eventually(metrics, (one) =>
        /plietsch_dead_letters_total\{code="HUB_ENVELOPE_TOO_LARGE"\} 1/.test(one),
      );
      const { parts } = await getJson<{ parts: { part: string }[] }>(hub.run, '/ready');
      expect(parts.map(({ part }) => part)).toEqual(expect.arrayContaining(['journal', 'disk']));
      for (const { part } of parts) expect(text).toContain(`plietsch_part_ready{part="${part}"} 1`);
    });
  });

  it('opens its API at once again after it was stopped, with everything in it', async () => {
    const before = await settled();
    client.end(true);
    await hub.kill('SIGTERM');
    expect(hub.child.exitCode).toBe(0);
    hub = await startHubProcess({ folder: hub.folder });
    expect(await books()).toEqual(before);
  });
});

describe('a port that is taken', () => {
  it('is named, with what to do', async () => {
    const hub = await startHubProcess();
    const environment = { PLIETSCH_HTTP_PORT: String(hub.run.httpPort) };
    await expect(startHubProcess({ environment })).rejects.toThrow(/listens on .*PLIETSCH_HTTP_PORT/);
    await hub.kill('SIGTERM');
  });
});

describe('the demo', () => {
  it('is refused on a data folder with real devices', async () => {
    const hub = await startHubProcess();
    const put = { id: DEVICE, profile: 'milesight/em400-tld' };
    await callHub(hub.run, '/api/v1/region', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ entities: [{ kind: 'device', put }] }),
    });
    await hub.kill('SIGTERM');
    await expect(startHubProcess({ folder: hub.folder, environment: { PLIETSCH_DEMO: 'on' } })).rejects.toThrow(
      /HUB_DEMO_REFUSED/,
    );
  });
});
