import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { initInflux } from '../store/influxdb/setup.ts';
import { type Influxd, startInfluxd } from '../test/services/influxd.ts';
import { devEuiOf, topicOf, uplinkBody } from '../test/support/chirpstack-uplink.ts';
import { unpackStored } from './packing.ts';
import { type FromEngine, STORED_COLUMNS } from './protocol.ts';
import { startWriter, type Writer } from './writer-loop.ts';

const source = inject('influxd');
const skipped = source.kind === 'none' ? ` (SKIPPED: ${source.reason})` : '';
const DEVICES = 20;
const region = [
  { kind: 'municipality', put: { id: 'm', name: 'M', key: '01057001' } },
  { kind: 'site', put: { id: 's', name: 'S', municipality: 'm', geometry: { type: 'Point', coordinates: [10, 54] } } },
  { kind: 'thing', put: { id: 'slot', name: 'Slot', kind: 'container_slot', site: 's' } },
  ...Array.from({ length: DEVICES }, (_, i) => ({
    kind: 'device',
    put: { id: devEuiOf(i), profile: 'milesight/em400-tld' },
  })),
  { kind: 'deployment', put: { id: 'd', device: devEuiOf(0), thing: 'slot', from: '2026-01-01T00:00:00Z' } },
];

describe.skipIf(source.kind === 'none')(`writer thread with its store elsewhere${skipped}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'plietsch-writer-'));
  const posts: FromEngine[] = [];
  let influxd: Influxd;
  let writer: Writer;
  let running: Promise<void>;
  let lastId = 0;
  let sent = 0;

  beforeAll(async () => {
    influxd = await startInfluxd(source);
    const { url, org, adminToken } = influxd;
    const influxdb = { url, org, bucket: 'writer', token: '', timeoutMs: 5_000, gzip: false };
    const token = await (await initInflux(influxdb, { adminToken, keepDays: null })).createHubToken();
    const settings = {
      file: join(folder, 'hub.db'),
      timeZone: 'UTC',
      synchronous: 'FULL' as const,
      networks: [{ id: 'north', kind: 'chirpstack-v4' as const }],
      maxBodyBytes: 65_536,
      journalKeepDays: null,
      observationsKeepDays: null,
      influxdb: { ...influxdb, token },
    };
    writer = await startWriter(settings, (message) => posts.push(message));
    running = writer.run();
    await ask('applyEntities', region, { dryRun: false });
  });
  afterAll(async () => {
    writer?.receive({ type: 'stop' });
    await running;
    writer?.close();
    await influxd?.stop();
    rmSync(folder, { recursive: true });
  });

  const ask = async <T>(method: string, ...args: unknown[]): Promise<T> => {
    const id = ++lastId;
    writer.receive({ type: 'call', id, method, args });
    for (;;) {
      const answer = posts.find((message) => message.type === 'result' && message.id === id);
      if (answer?.type === 'result') {
        if (answer.error) throw new Error(answer.error.message);
        return answer.value as T;
      }
      await pause(2);
    }
  };
  const send = (): void => {
    const devEui = devEuiOf(sent % DEVICES);
    const body = uplinkBody({ devEui, fCnt: sent++, time: Date.now() });
    const message = { networks: ['north'], topics: [topicOf(devEui)], lengths: Uint32Array.of(body.length) };
    writer.receive({ type: 'intake', id: ++lastId, ...message, bodies: new Uint8Array(body), arrivedAt: Date.now() });
  };
  const isStored = (position: number): boolean =>
    posts.some(
      (message) =>
        message.type === 'stored' &&
        Array.from({ length: message.rows.length / STORED_COLUMNS }, (_, i) => unpackStored(message.rows, i)).some(
          (observation) => observation.position === position,
        ),
    );

  it('stores the second of two uplinks without waiting for a third', async () => {
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      send();
      await pause(2);
      send();
      const begin = Date.now();
      while (!isStored(sent) && Date.now() - begin < 5_000) await pause(2);
      waits.push(Date.now() - begin);
      await pause(100);
    }
    // A rest of the writer without a reason to wake takes a second.
    expect(waits.toSorted((a, b) => a - b)[4], `waits ${waits.join(' ')} ms`).toBeLessThan(500);
  });
});
