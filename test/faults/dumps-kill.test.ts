import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillRegionFile } from '../support/filled-region.ts';
import { callHub, getJson, type HubProcess, newFolder, startHubProcess } from '../support/hub-process.ts';

const ROUNDS = 8;
const DAYS = 40;
const folder = newFolder('dumps-kill');
const to = Math.floor(Date.now() / 86_400_000) * 86_400_000;

interface Index {
  readonly datasets: readonly {
    readonly months: readonly {
      readonly month: string;
      readonly rows: number;
      readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
    }[];
  }[];
}

let rows = 0;
let hub: HubProcess | undefined;
beforeAll(async () => {
  rows = await fillRegionFile(folder, { things: 20, days: DAYS, everyMs: 600_000, to });
}, 60_000);
afterAll(async () => {
  await hub?.kill();
});

interface Run {
  readonly id: string;
  readonly state: string;
}

const begin = async (running: HubProcess): Promise<Run> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await callHub(running.run, '/api/v1/dumps', { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(202);
  return (await answer.json()) as Run;
};

/** Every file that is offered is there, whole. */
const checkOffered = async (running: HubProcess): Promise<number> => {
  const { datasets } = await getJson<Index>(running.run, '/dumps/');
  let offered = 0;
  for (const { months } of datasets) {
    for (const month of months) {
      offered += month.rows;
      for (const { name, bytes, sha256 } of month.files) {
        const body = Buffer.from(await (await callHub(running.run, `/dumps/weather/${name}`)).arrayBuffer());
        expect(body).toHaveLength(bytes);
        expect(createHash('sha256').update(body).digest('hex')).toBe(sha256);
      }
    }
  }
  return offered;
};

it('files that are offered are whole, whenever the hub was killed while it made them', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    hub = await startHubProcess({ folder });
    await checkOffered(hub);
    await begin(hub);
    await pause(30 + round * 120);
    await hub.kill('SIGKILL');
  }
  hub = await startHubProcess({ folder });
  await checkOffered(hub);
  const { id } = await begin(hub);
  const { run } = hub;
  const stateOf = async () => (await getJson<Run>(run, `/api/v1/dumps/${id}`)).state;
  await expect.poll(stateOf, { timeout: 60_000 }).toBe('done');
  expect(await checkOffered(hub)).toBe(rows);
  const months = (await getJson<Index>(hub.run, '/dumps/')).datasets[0]?.months ?? [];
  expect(readdirSync(join(folder, 'dumps', 'weather'))).toHaveLength(months.length * 3);
}, 120_000);
