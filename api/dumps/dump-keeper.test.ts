import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HOUR, MINUTE } from '../../model/time.ts';
import { createAccess } from '../access.ts';
import { everybody } from '../auth/principal.ts';
import { createTestApi, fillRegion, NOW, type TestApi } from '../testing.ts';
import { dumpConfigSchema } from './dump-config.ts';
import { DumpKeeper } from './dump-keeper.ts';
import { monthOf, monthsBetween } from './month.ts';

let folder: string;
let api: TestApi;
let keeper: DumpKeeper;
const lastRun = (): number => {
  const file = join(folder, 'last-run');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
};

const newKeeper = (config: object = {}): DumpKeeper =>
  new DumpKeeper({
    folder,
    config: dumpConfigSchema.parse(config),
    timeZone: 'Europe/Berlin',
    reader: createAccess(api.deps)(everybody),
    clock: Date.now,
    logger: pino({ level: 'silent' }),
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plietsch-keeper-'));
  api = await createTestApi();
  await fillRegion(api);
  // Noon UTC is 13:00 in Berlin.
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: NOW });
});
afterEach(async () => {
  await keeper.stop();
  vi.useRealTimers();
  await api.app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Lets the files be written, which no false clock does. */
const written = (at: number) => expect.poll(lastRun, { timeout: 5_000 }).toBe(at);

it('makes files a while after a start where the last run was missed, and then each day at the local time', async () => {
  keeper = newKeeper();
  await keeper.start();
  await vi.advanceTimersByTimeAsync(MINUTE);
  await written(NOW + MINUTE);
  expect((await keeper.files('levels')).map(({ path }) => path)).toEqual([
    '/dumps/levels/2026-03.csv.gz',
    '/dumps/levels/2026-03.parquet',
  ]);
  // 03:30 in Berlin is 02:30 UTC in winter.
  const next = Date.UTC(2026, 2, 3, 2, 30);
  await vi.advanceTimersByTimeAsync(next - Date.now() - 1_000);
  expect(lastRun()).toBe(NOW + MINUTE);
  await vi.advanceTimersByTimeAsync(2_000);
  await expect.poll(lastRun, { timeout: 5_000 }).toBeGreaterThanOrEqual(next);
});

it('does not make them again after a start on the same day', async () => {
  keeper = newKeeper();
  await keeper.start();
  await vi.advanceTimersByTimeAsync(MINUTE);
  await written(NOW + MINUTE);
  await keeper.stop();
  keeper = newKeeper();
  await keeper.start();
  await vi.advanceTimersByTimeAsync(HOUR);
  expect(lastRun()).toBe(NOW + MINUTE);
});

it('makes none by itself where it is turned off', async () => {
  keeper = newKeeper({ enabled: false });
  await keeper.start();
  await vi.advanceTimersByTimeAsync(24 * HOUR);
  expect(lastRun()).toBe(0);
});

it('ends a run that is under way when the hub stops, and leaves no half of it', async () => {
  keeper = newKeeper();
  const running = keeper.make({});
  await keeper.stop();
  await expect(running).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
  expect(await keeper.files('levels')).toEqual([]);
});

it('knows local months, over the change to summer time', () => {
  keeper = newKeeper();
  const march = monthOf(Date.UTC(2026, 2, 31, 21, 59), 'Europe/Berlin');
  expect(march).toEqual({ id: '2026-03', from: Date.UTC(2026, 1, 28, 23), to: Date.UTC(2026, 2, 31, 22) });
  expect(monthsBetween(Date.UTC(2025, 11, 31, 23), march.to + 1, 'Europe/Berlin').map(({ id }) => id)).toEqual([
    '2026-04',
    '2026-03',
    '2026-02',
    '2026-01',
  ]);
});
