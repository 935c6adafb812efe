import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { devEuiOf, topicOf, uplinkBody } from '../test/support/chirpstack-uplink.ts';
import { Engine, type EngineOptions } from './client.ts';
import { lockDataFolder } from './data-lock.ts';
import { DiskWatch } from './disk.ts';

const T0 = Date.UTC(2026, 2, 2, 7);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plietsch-engine-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const engineOf = (changes: Partial<EngineOptions> = {}): Engine =>
  new Engine({
    settings: {
      file: join(folder, 'hub.db'),
      timeZone: 'Europe/Berlin',
      synchronous: 'FULL',
      networks: [{ id: 'north', kind: 'chirpstack-v4' }],
      maxBodyBytes: 65_536,
      journalKeepDays: null,
      observationsKeepDays: null,
    },
    maxWaiting: 10,
    clock: () => T0,
    onStored: () => undefined,
    onStats: () => undefined,
    onFailure: (error) => {
      throw error;
    },
    ...changes,
  });

const body = (fCnt: number) => uplinkBody({ devEui: devEuiOf(1), fCnt, time: T0 + fCnt * 60_000 });

describe('engine', () => {
  it('answers after the commit with positions, and with the first position for a duplicate', async () => {
    const engine = engineOf();
    await engine.start();
    const receipts = await Promise.all(
      [1, 2, 1].map((n) => engine.intake.receive('north', topicOf(devEuiOf(1)), body(n))),
    );
    expect(receipts).toEqual([{ position: 1 }, { position: 2 }, { duplicateOf: 1 }]);
    expect(engine.intake.waiting).toBe(0);
    expect(await engine.journal.head()).toBe(2);
    await engine.stop();
  });

  it('refuses what would wait beyond its limit, and takes it again afterwards', async () => {
    const engine = engineOf({ maxWaiting: 3 });
    await engine.start();
    const settled = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => engine.intake.receive('north', topicOf(devEuiOf(1)), body(n))),
    );
    const refused = settled.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(5);
    expect(refused[0]).toMatchObject({ reason: { code: 'HUB_OVERLOADED', retryable: true } });
    await expect(engine.intake.receive('north', topicOf(devEuiOf(1)), body(99))).resolves.toHaveProperty('position');
    await engine.stop();
  });

  it('carries coded errors across its threads', async () => {
    const engine = engineOf();
    await engine.start();
    await expect(engine.commands.retryDeadLetter(7)).rejects.toMatchObject({ code: 'HUB_NOT_FOUND', status: 404 });
    await expect(engine.commands.applyEntities([{ kind: 'site', put: {} }], { dryRun: true })).rejects.toMatchObject({
      code: 'HUB_REGISTRY_INVALID',
    });
    await engine.stop();
  });

  it('replays for a device that is registered in the very moment in which it is first heard', async () => {
    const seen: number[] = [];
    const engine = engineOf({ maxWaiting: 5_000, onStored: (rows) => seen.push(rows.length) });
    await engine.start();
    const put = { id: devEuiOf(1), profile: 'milesight/em400-tld' };
    const heard = Array.from({ length: 100 }, (_, n) => engine.intake.receive('north', topicOf(devEuiOf(1)), body(n)));
    const others = Array.from({ length: 3_000 }, (_, n) =>
      engine.intake.receive(
        'north',
        topicOf(devEuiOf(2)),
        uplinkBody({ devEui: devEuiOf(2), fCnt: n, time: T0 + n * 60_000 }),
      ),
    );
    await Promise.all(heard);
    await engine.commands.applyEntities([{ kind: 'device', put }], { dryRun: false });
    await Promise.all(others);
    const settled = async () => (await engine.journal.books({})).reduce((sum, day) => sum + day.notPlaced, 0);
    for (let i = 0; i < 100 && (await settled()) < 100; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await settled()).toBe(100);
    expect(seen.length).toBeGreaterThan(0);
    await engine.stop();
  });

  it('stores observations that come without LoRaWAN, reads them at once, and takes them back', async () => {
    const stored: number[] = [];
    const engine = engineOf({ onStored: (rows) => stored.push(rows.length) });
    await engine.start();
    const [, , , datastream = 0] = await engine.sensorThings.create([
      { set: 'Things', body: { name: 'Quay' }, links: {} },
      { set: 'ObservedProperties', body: { name: 'salinity' }, links: {} },
      { set: 'Sensors', body: { name: 'probe' }, links: {} },
      { set: 'Datastreams', body: { name: 'salt' }, links: { Thing: [-1], ObservedProperty: [-2], Sensor: [-3] } },
    ]);
    expect(engine.registry.datastreamByKey(datastream)).toMatchObject({ thing: 'sta-1', property: 'salinity' });
    const at = (i: number) => ({ datastream, phenomenonTime: T0 + i * 1_000 });
    const detail = { result: 'brackish', parameters: { depth: 2 } };
    await engine.sensorThings.observe(
      [{ put: { ...at(1), value: 11.5, flag: 2 } }, { put: { ...at(2), value: null, flag: 2, detail } }],
      'token',
    );
    const read = async () =>
      (await Array.fromAsync(engine.observations.range({ datastreams: [datastream], from: 0, to: T0 * 2 }))).map(
        ({ value }) => value,
      );
    expect(await read()).toEqual([11.5, null]);
    const span = { datastreams: [datastream], from: 0, to: T0 * 2 };
    expect(await engine.details.list(span)).toEqual([{ ...at(2), detail }]);
    await engine.sensorThings.observe([{ remove: at(1) }, { put: { ...at(2), value: 7, flag: 2 } }], 'token');
    expect(await read()).toEqual([7]);
    expect(await engine.details.list(span)).toEqual([]);
    expect(await engine.observations.count(span)).toEqual([1]);
    expect(stored.length).toBe(2);
    // What the journal tells again ends the same.
    const job = await engine.commands.replay({ scope: { all: true }, since: 0, dryRun: false, reason: 'again' });
    await expect.poll(async () => (await engine.commands.job(job.id))?.state).toBe('done');
    expect(await read()).toEqual([7]);
    expect(await engine.details.list(span)).toEqual([]);
    const books = await engine.journal.books({ network: 'sensorthings' });
    expect(books).toMatchObject([{ received: 2, decoded: 2, pending: 0 }]);
    await engine.sensorThings.remove([{ set: 'Datastreams', number: datastream }]);
    const late = engine.sensorThings.observe([{ put: { ...at(3), value: 1, flag: 2 } }], 'token');
    await expect(late).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' });
    await engine.stop();
  });

  it('commits on the way down what it had taken', async () => {
    const engine = engineOf();
    await engine.start();
    const receipt = engine.intake.receive('north', topicOf(devEuiOf(1)), body(1));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await engine.stop();
    await expect(receipt).resolves.toEqual({ position: 1 });
  });
});

describe('a data folder', () => {
  it('has one owner at a time', () => {
    const unlock = lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow(/PLIETSCH_DATA/);
    unlock();
    lockDataFolder(folder)();
  });
});

describe('disk watch', () => {
  it('says when the disk will be full at the growth of the store', () => {
    let now = T0;
    const file = join(folder, 'hub.db');
    const watch = new DiskWatch(file, () => now);
    writeFileSync(file, Buffer.alloc(1000));
    expect(watch.measure()).not.toHaveProperty('daysUntilFull');
    now += 3_600_000;
    writeFileSync(file, Buffer.alloc(1000 + 24_000));
    const { daysUntilFull, freeBytes, storeBytes } = watch.measure();
    expect(storeBytes).toBe(25_000);
    expect(daysUntilFull).toBeCloseTo(freeBytes / (24_000 * 24), 0);
  });
});
