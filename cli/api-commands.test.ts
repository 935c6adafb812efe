import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestApi, DEV_EUI, fillRegion, LOCAL_CREDENTIAL, type TestApi } from '../api/testing.ts';
import type { Job } from '../model/ports.ts';
import { captureOutput } from '../test/support/captured-output.ts';
import { register as registerDevices } from './devices.ts';
import { register as registerReprocess } from './reprocess.ts';
import { register as registerToken } from './token.ts';
import type { WithHub } from './with-hub.ts';

const output = captureOutput();
let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
});
afterEach(() => api.app.close());

const hub: WithHub = (use) =>
  use(async (method, path, body) => {
    const answer = await api.app.inject({
      method: method as 'GET',
      url: path,
      headers: { authorization: `Bearer ${LOCAL_CREDENTIAL}` },
      ...(body !== undefined && { payload: body as object }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
  });

const run = async (...args: string[]): Promise<void> => {
  const program = new Command().exitOverride();
  for (const register of [registerDevices, registerReprocess, registerToken]) register(program, hub);
  await program.parseAsync(args, { from: 'user' });
};

/** Jobs that end as soon as they are asked about. */
const finishJobs = (state: Job['state'] = 'done') => {
  api.jobs.get = (id) => {
    const job = Map.prototype.get.call(api.jobs, id) as Job | undefined;
    return job && { ...job, state, done: job.total, diff: { ...job.diff, largest: [change] } };
  };
};
const change = { datastream: 'slot-laboe.fill_level', phenomenonTime: 0, before: 10, after: null };
const since = ['--since', '2026-03-01T00:00:00Z'];

describe('token', () => {
  it('creates one that works, lists it without its secret, and revokes it', async () => {
    await run('token', 'create', '--role', 'operator', '--municipality', 'laboe', '--name', 'Bauhof');
    const secret = output.out.trim();
    expect(secret).toMatch(/^plt_/);
    expect(output.err).toContain('only a hash');
    expect((await api.get('/devices', { authorization: `Bearer ${secret}` })).statusCode).toBe(200);
    output.out = '';
    await run('token', 'list');
    expect(output.out).toMatch(/^ID +ROLE +MUNICIPALITY/);
    expect(output.out).toMatch(/operator +laboe +Bauhof/);
    expect(output.out).not.toContain(secret.slice(22));
    output.out = '';
    await run('token', 'list', '--json');
    const [{ id }] = JSON.parse(output.out) as [{ id: string }];
    await run('token', 'revoke', id);
    expect((await api.get('/devices', { authorization: `Bearer ${secret}` })).statusCode).toBe(401);
  });

  it('passes on what the hub refuses, and tells wrong usage apart', async () => {
    const refused = { name: 'HubError', code: 'HUB_NOT_FOUND' };
    await expect(run('token', 'create', '--role', 'reader', '--municipality', 'nowhere')).rejects.toMatchObject(
      refused,
    );
    await expect(run('token', 'revoke', 'none')).rejects.toMatchObject(refused);
    const usage = { name: 'CommanderError' };
    await expect(run('token', 'create')).rejects.toMatchObject(usage);
    await expect(run('token', 'create', '--role', 'king')).rejects.toMatchObject(usage);
    await expect(run('token', 'create', '--role', 'reader', '--expires', 'soon')).rejects.toMatchObject({
      exitCode: 2,
    });
  });
});

describe('devices', () => {
  it('lists them for people and programs', async () => {
    await run('devices', 'list');
    expect(output.out).toMatch(
      new RegExp(`${DEV_EUI} +milesight/em400-tld +active +2026-03-02T11:59:01.000Z +98 % +slot-laboe`),
    );
    output.out = '';
    await run('devices', 'list', '--status', 'silent', '--json');
    expect(JSON.parse(output.out)).toEqual([]);
    await expect(run('devices', 'list', '--status', 'odd')).rejects.toMatchObject({ name: 'CommanderError' });
  });

  it('shows one, however its EUI is written', async () => {
    await run('devices', 'show', '24-E1-24-71-0B-00-00-01');
    expect(output.out).toContain(`device     ${DEV_EUI}`);
    expect(output.out).toMatch(/d1 +slot-laboe +2026-01-01T00:00:00Z +now/);
    await expect(run('devices', 'show', '0000000000000000')).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' });
  });
});

describe('reprocess', () => {
  it('shows the difference, then applies it', async () => {
    finishJobs();
    await run('reprocess', '--profile', 'milesight/em400-tld', ...since);
    expect([...api.jobs.values()].map(({ request }) => request.dryRun)).toEqual([true, false]);
    expect(output.out).toContain('4 messages: 1 values changed, 0 new, 0 gone, 3 unchanged');
    expect(output.out).toMatch(/slot-laboe\.fill_level +1970-01-01T00:00:00.000Z +10 +missing/);
    expect(output.out).toMatch(/applied \(job job-2\)\n$/);
  });

  it('stops after the difference in a dry run', async () => {
    finishJobs();
    await run('reprocess', '--device', DEV_EUI.toUpperCase(), ...since, '--dry-run', '--json');
    expect([...api.jobs.values()].map(({ request }) => request)).toMatchObject([
      { dryRun: true, scope: { device: DEV_EUI } },
    ]);
    expect(JSON.parse(output.out)).toMatchObject({ id: 'job-1', state: 'done', dryRun: true });
  });

  it('fails with a job that failed, and applies nothing', async () => {
    finishJobs('failed');
    await run('reprocess', '--all', ...since);
    expect(process.exitCode).toBe(1);
    expect(output.err).toContain('job job-1 failed');
    expect(api.jobs.size).toBe(1);
  });

  it('leaves the job alone when it is interrupted, to be resumed or cancelled', async () => {
    const running = run('reprocess', '--all', ...since);
    await vi.waitFor(() => expect(api.jobs.size).toBe(1));
    process.emit('SIGINT');
    await running;
    expect(process.exitCode).toBe(130);
    expect(output.err).toContain('plietsch reprocess resume job-1');
    expect(api.jobs.get('job-1')?.state).toBe('queued');
    await run('reprocess', 'list');
    expect(output.out).toMatch(/job-1 +queued +all/);
    output.out = '';
    await run('reprocess', 'cancel', 'job-1', '--json');
    expect(JSON.parse(output.out)).toMatchObject({ state: 'cancelled' });
    process.exitCode = undefined;
    await run('reprocess', 'resume', 'job-1');
    expect(process.exitCode).toBe(1);
    await expect(run('reprocess', 'resume', 'job-9')).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' });
  });

  it('knows wrong usage', async () => {
    const usage = { name: 'CommanderError', exitCode: 2 };
    await expect(run('reprocess', ...since)).rejects.toMatchObject(usage);
    await expect(run('reprocess', '--all', '--device', DEV_EUI, ...since)).rejects.toMatchObject(usage);
    await expect(run('reprocess', '--all')).rejects.toMatchObject(usage);
    await expect(run('reprocess', '--all', '--since', 'yesterday')).rejects.toMatchObject(usage);
  });
});
