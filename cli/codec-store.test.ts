import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApi, LOCAL_CREDENTIAL, type TestApi } from '../api/testing.ts';
import type { Job } from '../model/ports.ts';
import { captureOutput } from '../test/support/captured-output.ts';
import { probeCodec } from '../test/support/foreign-codec.ts';
import { newFolder } from '../test/support/hub-process.ts';
import { register } from './codec.ts';
import type { WithHub } from './with-hub.ts';

const output = captureOutput();
let api: TestApi;
let folder: string;
beforeEach(async () => {
  api = await createTestApi();
  folder = newFolder('codec-store');
  write('probe', probeCodec());
});
afterEach(() => api.app.close());

const write = (name: string, { script, profile, vectors }: ReturnType<typeof probeCodec>): void => {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'codec.js'), script);
  writeFileSync(join(folder, name, 'profile.json'), JSON.stringify(profile));
  writeFileSync(join(folder, name, 'vectors.json'), JSON.stringify(vectors));
};

const hub: WithHub = (use) =>
  use(async (method, path, body) => {
    const answer = await api.app.inject({
      method: method as 'GET',
      url: path,
      headers: { authorization: `Bearer ${LOCAL_CREDENTIAL}` },
      ...(body !== undefined && { payload: body as object }),
    });
    return { status: answer.statusCode, body: answer.json() };
  });

const run = async (...args: string[]): Promise<void> => {
  const program = new Command().exitOverride();
  register(program, hub);
  for (const command of program.commands[0]?.commands ?? []) command.exitOverride();
  await program.parseAsync(['codec', ...args], { from: 'user' });
};

/** Jobs end as soon as they are asked about. */
const finishJobs = (state: Job['state'] = 'done') => {
  api.jobs.get = (id) => {
    const job = Map.prototype.get.call(api.jobs, id) as Job | undefined;
    return job && { ...job, state, done: job.total };
  };
};

describe('codec upload', () => {
  it('takes a folder, and says what comes next', async () => {
    await run('upload', join(folder, 'probe'));
    expect(output.out).toBe('1 vectors passed; version 1 of custom/probe-7 is stored, it is active\n');
    output.out = '';
    await run('upload', join(folder, 'probe'));
    expect(output.out).toContain('next: plietsch codec activate custom/probe-7 2');
    output.out = '';
    await run('list');
    expect(output.out).toMatch(/^PROFILE +VERSION +ACTIVE.*\ncustom\/probe-7 +2 +no .*local\ncustom\/probe-7 +1 +yes /);
  });

  it('takes files, and tries them only', async () => {
    const file = (name: string) => join(folder, 'probe', name);
    const files = ['--profile', file('profile.json'), '--vectors', file('vectors.json'), '--script', file('codec.js')];
    await run('upload', ...files, '--dry-run');
    expect(output.out).toBe('1 vectors passed; this would be version 1 of custom/probe-7\n');
    output.out = '';
    await run('upload', ...files, '--dialect', 'ts013', '--dry-run', '--json');
    expect(JSON.parse(output.out)).toMatchObject({ version: 1 });
    output.out = '';
    await run('list', '--json');
    expect(JSON.parse(output.out)).toEqual([]);
  });

  it('maps what the network server decodes where there is no script', async () => {
    const { profile } = probeCodec();
    mkdirSync(join(folder, 'net'));
    writeFileSync(join(folder, 'net', 'profile.json'), JSON.stringify(profile));
    const vectors = [{ fPort: 85, decoded: { TempC: 20 }, values: { air_temperature: 20 } }];
    writeFileSync(join(folder, 'net', 'vectors.json'), JSON.stringify(vectors));
    await run('upload', join(folder, 'net'));
    expect(output.out).toContain('version 1 of custom/probe-7 is stored');
  });

  it('passes on what the hub refuses, and tells wrong usage apart', async () => {
    const { vectors, ...rest } = probeCodec({ id: 'custom/wrong' });
    write('wrong', {
      ...rest,
      vectors: vectors.map((vector) => ({ ...vector, expected: { Level: { DistMm: '7' } } })),
    });
    await expect(run('upload', join(folder, 'wrong'))).rejects.toMatchObject({
      code: 'HUB_CODEC_VECTORS',
      faults: [{ path: 'vectors[0].expected.Level.DistMm' }],
    });
    await expect(run('upload', join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'HUB_REQUEST_INVALID' });
    const usage = { name: 'CommanderError', exitCode: 2 };
    await expect(run('upload')).rejects.toMatchObject(usage);
    await expect(run('activate', 'probe', '1')).rejects.toMatchObject(usage);
    await expect(run('activate', 'custom/probe-7', 'two')).rejects.toMatchObject(usage);
    await expect(run('activate', 'custom/probe-7', '2', '--since', 'today')).rejects.toMatchObject(usage);
  });
});

describe('codec activate', () => {
  beforeEach(async () => {
    await run('upload', join(folder, 'probe'));
    await run('upload', join(folder, 'probe'));
    output.out = '';
  });

  it('shows the difference, then activates', async () => {
    finishJobs();
    await run('activate', 'custom/probe-7', '2', '--since', '2026-03-01T00:00:00Z');
    expect(output.out).toMatch(/^4 messages: 1 values changed.*\nactive, and applied \(job job-2\)\n$/);
    expect([...api.jobs.values()].map(({ request }) => [request.dryRun, request.since])).toEqual([
      [true, Date.UTC(2026, 2, 1)],
      [false, Date.UTC(2026, 2, 1)],
    ]);
    expect(await api.deps.codecs.versions()).toMatchObject([{ version: 2, active: true }, { active: false }]);
  });

  it('changes nothing in a dry run, or after a comparison that failed', async () => {
    finishJobs();
    await run('activate', 'custom/probe-7', '2', '--dry-run', '--json');
    expect(JSON.parse(output.out)).toMatchObject({ state: 'done', dryRun: true });
    finishJobs('failed');
    await run('activate', 'custom/probe-7', '2');
    expect(process.exitCode).toBe(1);
    expect(await api.deps.codecs.versions()).toMatchObject([{ version: 2, active: false }, { active: true }]);
  });
});
