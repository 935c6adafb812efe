import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillRegionFile } from '../support/filled-region.ts';
import { getJson, type HubProcess, newFolder, startHubProcess } from '../support/hub-process.ts';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;
const DAY = 86_400_000;
const to = Math.floor(Date.now() / DAY) * DAY;
const span = `from=${new Date(to - 3 * DAY).toISOString()}&to=${new Date(to).toISOString()}`;

let hub: HubProcess;
let rows = 0;
beforeAll(async () => {
  const folder = newFolder('open-data');
  rows = await fillRegionFile(folder, { things: 100, days: 3, everyMs: 1_800_000, to });
  hub = await startHubProcess({ folder, environment: { PLIETSCH_API_MAX_ROWS: '10000' } });
});
afterAll(() => hub.kill());

/** As the public asks. */
const get = (path: string, headers: Record<string, string> = {}) => fetch(new URL(path, hub.run.httpUrl), { headers });

describe('a hub with open data', () => {
  it('gives all of it in one answer, in every format', async () => {
    expect(rows).toBe(57_600);
    const csv = await (await get(`/api/v1/observations?${span}&format=csv`)).text();
    const lines = csv.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines).toHaveLength(rows + 1);
    expect(csv.endsWith(`# end: ${rows} rows\r\n`)).toBe(true);
    const ndjson = (
      await (await get(`/api/v1/observations?${span}`, { accept: 'application/x-ndjson' })).text()
    ).trimEnd();
    expect(ndjson.split('\n')).toHaveLength(rows + 2);
    const file = await (await get(`/api/v1/observations?${span}&format=parquet`)).arrayBuffer();
    const table = (await parquetReadObjects({ file })) as { datastream: string; phenomenonTime: Date; value: number }[];
    expect(table).toHaveLength(rows);
    // Row for row the same.
    for (const i of [0, 1_000, rows - 1]) {
      const [datastream, , , , , time, value] = (lines[i + 1] ?? '').split(',');
      expect(table[i]).toMatchObject({ datastream, phenomenonTime: new Date(String(time)), value: Number(value) });
    }
  });

  it('gives it page by page, each once', async () => {
    interface Page {
      readonly items: { datastream: string; phenomenonTime: string }[];
      readonly next?: string;
    }
    const seen = new Set<string>();
    let pages = 0;
    for (let next: string | undefined = `/api/v1/observations?${span}&limit=10000`; next !== undefined; pages++) {
      const page: Page = await getJson<Page>(hub.run, next);
      for (const { datastream, phenomenonTime } of page.items) seen.add(`${datastream} ${phenomenonTime}`);
      next = page.next;
    }
    expect([pages, seen.size]).toEqual([6, rows]);
  });

  it('shows the whole region at once, and sums it up', async () => {
    const map = (await (await get('/api/v1/latest?limit=all&format=geojson')).json()) as { features: object[] };
    expect(map.features).toHaveLength(400);
    const daily = (await (
      await get(`/api/v1/datastreams/station-7.air_temperature/observations?${span}&every=1d&aggregate=n,coverage`)
    ).json()) as { buckets: { n: number }[] };
    expect(daily.buckets.reduce((sum, { n }) => sum + n, 0)).toBe(144);
    const few = (await (
      await get(`/api/v1/datastreams/station-7.air_temperature/observations?${span}&maxPoints=20`)
    ).json()) as { observations: object[]; decimated: object };
    expect([few.observations.length, few.decimated]).toEqual([20, { of: 144, method: 'minmax' }]);
  });

  it('makes monthly files by the command line, and offers them with their hashes', async () => {
    const env = { PATH: process.env.PATH, PLIETSCH_DATA: hub.folder };
    const { stdout } = await run(process.execPath, [join(root, 'main.ts'), 'dump', '--json'], { env });
    const made = JSON.parse(stdout) as { month: string; action: string; rows: number }[];
    expect(made.reduce((sum, report) => sum + report.rows, 0)).toBe(rows);
    interface Manifest {
      readonly rows: number;
      readonly files: { name: string; sha256: string }[];
    }
    const { items } = (await (await get('/api/v1/datasets/weather/dumps')).json()) as { items: Manifest[] };
    expect(items).toHaveLength(made.length);
    for (const { rows: inFile, files } of items) {
      for (const { name, sha256 } of files) {
        const body = Buffer.from(await (await get(`/dumps/weather/${name}`)).arrayBuffer());
        expect(createHash('sha256').update(body).digest('hex')).toBe(sha256);
        if (name.endsWith('.csv.gz')) expect(gunzipSync(body).toString()).toContain(`# end: ${inFile} rows`);
      }
    }
    const again = await run(process.execPath, [join(root, 'main.ts'), 'dump'], { env });
    expect(again.stdout).toContain('unchanged');
    expect(again.stdout).not.toContain('made');
  });
});
