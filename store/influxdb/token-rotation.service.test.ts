import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Influxd, startInfluxd } from '../../test/services/influxd.ts';
import { InfluxConnection } from './connection.ts';
import { influxConfigSchema, influxSettings } from './influx-config.ts';
import { initInflux } from './setup.ts';

const source = inject('influxd');
const skipped = source.kind === 'none' ? ` (SKIPPED: ${source.reason})` : '';

describe.skipIf(source.kind === 'none')(`a token that is exchanged${skipped}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'plietsch-rotation-'));
  const tokenFile = join(folder, 'token');
  let influxd: Influxd;
  let admin: InfluxConnection;
  beforeAll(async () => {
    influxd = await startInfluxd(source);
  });
  afterAll(async () => {
    admin?.close();
    await influxd?.stop();
    rmSync(folder, { recursive: true });
  });

  /** The hub's tokens that there are so far. */
  const revoke = async (): Promise<void> => {
    const { authorizations } = await admin.call<{ authorizations: { id: string; description: string }[] }>(
      'GET',
      '/api/v2/authorizations',
    );
    const theirs = authorizations.filter(({ description }) => description.startsWith('plietsch'));
    expect(theirs).toHaveLength(1);
    for (const { id } of theirs) await admin.call('DELETE', `/api/v2/authorizations/${id}`);
  };

  it('works without a restart: writes, queries, removals', async () => {
    const { url, org, adminToken } = influxd;
    const base = { url, org, bucket: 'rotation', timeoutMs: 5_000, gzip: false };
    admin = new InfluxConnection({ ...base, token: adminToken });
    const report = await initInflux({ ...base, token: '' }, { adminToken, keepDays: null });
    writeFileSync(tokenFile, await report.createHubToken());
    const connection = new InfluxConnection(
      influxSettings(influxConfigSchema.parse({ url, org, bucket: 'rotation', tokenFile })),
    );
    const uses: (() => Promise<unknown>)[] = [
      () => connection.write('rotation', 'm value=1 1'),
      () => Array.fromAsync(connection.query('SELECT "value" FROM m')),
      () => connection.delete('rotation', { from: 0, to: 1, predicate: '_measurement="m"' }),
    ];
    for (const use of uses) {
      await use();
      await revoke();
      await expect(use()).rejects.toMatchObject({ code: 'HUB_STORE_REFUSED' });
      writeFileSync(tokenFile, `${await report.createHubToken()}\n`);
      await pause(1_100);
      await use();
    }
    connection.close();
  });
});
