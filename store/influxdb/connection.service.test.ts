import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createAuthority, createCertificate, opensslMissing } from '../../test/services/certificates.ts';
import { type Influxd, startInfluxd } from '../../test/services/influxd.ts';
import { InfluxConnection } from './connection.ts';
import { initInflux } from './setup.ts';

const source = inject('influxd');
const missing = source.kind === 'program' ? opensslMissing : ' (SKIPPED: no influxd program to speak TLS with)';

describe.skipIf(missing !== '')(`InfluxDB over TLS${missing}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'plietsch-tls-'));
  let influxd: Influxd;
  let caFile: string;
  beforeAll(async () => {
    const authority = createAuthority(folder, 'authority');
    caFile = authority.cert;
    const tls = { ...createCertificate(folder, 'localhost', authority), authority: caFile };
    influxd = await startInfluxd(source, { tls });
  });
  afterAll(async () => {
    await influxd?.stop();
    rmSync(folder, { recursive: true });
  });

  const settings = (changes: { url?: string; caFile?: string }) => {
    const { url, org, adminToken: token } = influxd;
    return { url, org, bucket: 'tls', token, timeoutMs: 5_000, gzip: true, ...changes };
  };

  it('writes and reads with the authority that is configured', async () => {
    await initInflux(settings({ caFile }), { adminToken: influxd.adminToken, keepDays: null });
    const connection = new InfluxConnection(settings({ caFile }));
    const lines = Array.from({ length: 200 }, (_, i) => `m value=${i} ${i}`).join('\n');
    expect(await connection.write('tls', lines)).toBe('stored');
    const rows: unknown[] = [];
    for await (const { series } of connection.query('SELECT count(value) FROM m')) rows.push(...series.values);
    expect(rows).toEqual([[0, 200]]);
    connection.close();
  });

  it('trusts nobody else: an unknown authority, another name, no TLS at all', async () => {
    const ask = (changes: { url?: string; caFile?: string }) =>
      new InfluxConnection(settings(changes)).call('GET', '/health');
    const away = { code: 'HUB_STORE_UNAVAILABLE' };
    await expect(ask({})).rejects.toMatchObject(away);
    await expect(ask({ caFile, url: influxd.url.replace('localhost', '127.0.0.1') })).rejects.toMatchObject(away);
    await expect(ask({ caFile, url: influxd.url.replace('https', 'http') })).rejects.toThrow();
  });
});
