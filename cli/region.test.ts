import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { beforeEach, describe, expect, it } from 'vitest';
import { asHubError, HubError } from '../model/errors.ts';
import { parseRegion } from '../model/region.ts';
import type { RegionEntity } from '../model/region-entity.ts';
import { captureOutput } from '../test/support/captured-output.ts';
import { newFolder } from '../test/support/hub-process.ts';
import { failureText } from './failure-text.ts';
import { register } from './region.ts';
import type { WithHub } from './with-hub.ts';

const text = `municipalities:
  - { id: ploen, name: Kreis Plön, key: "01057" }
  - { id: laboe, name: Laboe, key: "01057043", parent: ploen }
`;

const output = captureOutput();
let folder = '';
beforeEach(() => {
  folder = newFolder('region');
});

/** The region resource of a hub that holds these entries. */
const hubWith = (stored: RegionEntity[]): WithHub => {
  return (use) =>
    use(async (method, path, body) => {
      if (method === 'GET') return { status: 200, body: { entities: stored } };
      const { entities } = body as { entities: RegionEntity[] };
      const before = new Set(stored.map(({ put }) => put.id));
      if (entities.some(({ put }) => put.id === 'verboten'))
        return {
          status: 409,
          body: { code: 'HUB_REGISTRY_OVERLAP', detail: 'overlap', faults: [{ path: 'd1', message: 'taken' }] },
        };
      if (path === '/api/v1/region?dryRun=false') stored.push(...entities.filter(({ put }) => !before.has(put.id)));
      const changes = entities.map(({ kind, put }) => ({
        kind,
        id: put.id,
        action: before.has(put.id) ? 'unchanged' : 'created',
      }));
      return { status: 200, body: { changes } };
    });
};

const run = async (hub: WithHub, ...args: string[]): Promise<void> => {
  const program = new Command().exitOverride();
  register(program, hub);
  await program.parseAsync(['region', ...args], { from: 'user' });
};

/** What people read when the command ends with a coded error. */
const refusalOf = (running: Promise<void>): Promise<string> =>
  running.then(
    () => 'not refused',
    (thrown: unknown) => failureText(asHubError(thrown)),
  );

const fileWith = async (name: string, content: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
};

describe('region import', () => {
  it('says what it changed, and the second time that nothing did', async () => {
    const stored: RegionEntity[] = [];
    const file = await fileWith('region.yaml', text);
    await run(hubWith(stored), 'import', file, '--dry-run');
    expect(output.out).toBe(
      'created  municipality ploen\ncreated  municipality laboe\n2 created, 0 changed, 0 unchanged (dry run: nothing was stored)\n',
    );
    expect(stored).toHaveLength(0);
    await run(hubWith(stored), 'import', file);
    output.out = '';
    await run(hubWith(stored), 'import', file, '--json');
    expect(JSON.parse(output.out).changes.map((change: { action: string }) => change.action)).toEqual([
      'unchanged',
      'unchanged',
    ]);
    expect(process.exitCode).toBeUndefined();
  });

  it('refuses with line numbers and exit code 1, and knows what is registered', async () => {
    const child = await fileWith(
      'child.yaml',
      'municipalities:\n  - { id: stein, name: Stein, key: "01057079", parent: ploen }\n',
    );
    expect(await refusalOf(run(hubWith([]), 'import', child))).toContain(
      'line 2: municipalities[0].parent: there is no municipality "ploen"',
    );
    await run(hubWith([]), 'import', child, '--json');
    expect(JSON.parse(output.out)).toMatchObject({ error: { code: 'HUB_REGION_INVALID', faults: [{ line: 2 }] } });
    expect(process.exitCode).toBe(1);
    process.exitCode = undefined;
    await run(hubWith(parseRegion(text)), 'import', child);
    expect(process.exitCode).toBeUndefined();
  });

  it('passes on what the hub refuses, and exits 2 without a file', async () => {
    const file = await fileWith('region.yaml', 'municipalities:\n  - { id: verboten, name: V, key: "01" }\n');
    expect(await refusalOf(run(hubWith([]), 'import', file))).toBe('HUB_REGISTRY_OVERLAP: overlap\n  d1: taken');
    const usage = { name: 'CommanderError', exitCode: 2 };
    await expect(run(hubWith([]), 'import', join(folder, 'none.yaml'))).rejects.toMatchObject(usage);
    expect(output.err).toContain('none.yaml');
  });

  it('leaves a wrong configuration to the exit code of one, also for programs', async () => {
    const file = await fileWith('region.yaml', text);
    const misconfigured: WithHub = () => Promise.reject(new HubError('HUB_CONFIG_INVALID'));
    await expect(run(misconfigured, 'import', file, '--json')).rejects.toMatchObject({ code: 'HUB_CONFIG_INVALID' });
  });
});

describe('region export', () => {
  it('writes what import reads', async () => {
    const file = join(folder, 'out.yaml');
    await run(hubWith(parseRegion(text)), 'export', file);
    expect(parseRegion(await readFile(file, 'utf8'))).toEqual(parseRegion(text));
    await run(hubWith(parseRegion(text)), 'export');
    expect(output.out).toBe(await readFile(file, 'utf8'));
  });
});

describe('region import-csv', () => {
  it('reads sites and names the line of a fault', async () => {
    const stored = parseRegion(text);
    const good = await fileWith('sites.csv', 'id;name;municipality;latitude;longitude\nhafen;Hafen;laboe;54,4;10,2\n');
    await run(hubWith(stored), 'import-csv', 'sites', good);
    expect(stored.at(-1)?.put).toMatchObject({ geometry: { coordinates: [10.2, 54.4] } });
    const bad = await fileWith('bad.csv', 'id;name;municipality;latitude;longitude\nhafen;Hafen;kiel;54,4;10,2\n');
    expect(await refusalOf(run(hubWith(stored), 'import-csv', 'sites', bad))).toContain(
      'line 2: municipality: there is no municipality "kiel"',
    );
  });
});
