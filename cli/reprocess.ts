import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { parseRfc3339 } from '../model/time.ts';
import { normalizeDevEui } from './dev-eui.ts';
import { formatJson, formatTable } from './table.ts';
import { expectOk, type HubCall, type WithHub } from './with-hub.ts';

interface Change {
  readonly datastream: string;
  readonly phenomenonTime: string;
  readonly before?: number | null;
  readonly after?: number | null;
}

export interface Job {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly scope: { readonly profile?: string; readonly device?: string; readonly all?: true };
  readonly since: string;
  readonly dryRun: boolean;
  readonly reason: string;
  readonly done: number;
  readonly total: number;
  readonly diff: {
    readonly unchanged: number;
    readonly changed: number;
    readonly added: number;
    readonly gone: number;
    readonly largest: readonly Change[];
  };
  readonly bounded?: string;
  readonly error?: string;
  readonly createdAt: string;
}

interface Options {
  readonly profile?: string;
  readonly device?: string;
  readonly all?: boolean;
  readonly since?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const PATH = '/api/v1/reprocess';
/** Shells answer this for a program that Ctrl-C ended. */
const INTERRUPTED = 130;
const POLL_MS = 250;

export const register = (program: Command, hub: WithHub): void => {
  const reprocess: Command = program
    .command('reprocess')
    .description('Read the journal again: shows what would change, then changes it')
    .option('--profile <vendor/model>', 'devices of this profile')
    .option('--device <devEui>', 'one device')
    .option('--all', 'all devices')
    .option('--since <time>', 'messages received at or after this time, e.g. 2026-03-02T07:15:31Z')
    .option('--dry-run', 'only show what would change')
    .option('--json', 'print the job as JSON')
    .action(async (options: Options) => {
      const scope = scopeOf(options);
      if (!scope) reprocess.error('error: name one of --profile, --device and --all', { exitCode: 2 });
      const { since } = options;
      if (since === undefined || parseRfc3339(since) === undefined) {
        reprocess.error('error: --since: write a time as 2026-03-02T07:15:31Z', { exitCode: 2 });
      }
      await hub((call) => compareAndApply(call, { scope, since }, options));
    });

  reprocess
    .command('resume')
    .description('Follow a job that was interrupted to its end')
    .argument('<id>', 'id of the job')
    .option('--json', 'print the job as JSON')
    .action((id: string, _own: Options, command: Command) =>
      hub((call) =>
        withInterrupt(async (signal) => report(await follow(call, { id, signal }), command.optsWithGlobals<Options>())),
      ),
    );

  reprocess
    .command('cancel')
    .description('Cancel a job; what it has written stays')
    .argument('<id>', 'id of the job')
    .option('--json', 'print the job as JSON')
    .action(async (id: string, _own: Options, command: Command) => {
      const job = (await hub(async (call) => expectOk(await call('DELETE', pathOf(id))))) as Job;
      process.stdout.write(command.optsWithGlobals<Options>().json ? formatJson(job) : `${job.state} ${job.id}\n`);
    });

  reprocess
    .command('list')
    .description('List the newest jobs')
    .option('--json', 'print the list as JSON')
    .action(async (_own: Options, command: Command) => {
      const { items } = (await hub(async (call) => expectOk(await call('GET', PATH)))) as { items: Job[] };
      const head = ['ID', 'STATE', 'SCOPE', 'SINCE', 'DRY RUN', 'READ', 'REASON'];
      const rows = items.map((job) => [
        job.id,
        job.state,
        scopeText(job),
        job.since,
        job.dryRun ? 'yes' : 'no',
        `${job.done}/${job.total}`,
        job.reason,
      ]);
      process.stdout.write(command.optsWithGlobals<Options>().json ? formatJson(items) : formatTable(head, rows));
    });
};

const pathOf = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

const scopeOf = ({ profile, device, all }: Options): Job['scope'] | undefined => {
  const named = [
    profile !== undefined && { profile },
    device !== undefined && { device: normalizeDevEui(device) },
    all === true && { all },
  ].filter((scope) => scope !== false);
  return named.length === 1 ? named[0] : undefined;
};

const scopeText = ({ scope: { profile, device } }: Job): string => profile ?? device ?? 'all';

const compareAndApply = async (
  call: HubCall,
  request: { scope: Job['scope']; since: string },
  options: Options,
): Promise<void> =>
  withInterrupt(async (signal) => {
    const run = async (dryRun: boolean): Promise<Job> => {
      const body = { ...request, dryRun, reason: 'command line' };
      const { id } = expectOk(await call('POST', PATH, body)) as Job;
      return follow(call, { id, signal });
    };
    const compared = await run(true);
    if (compared.state !== 'done' || options.dryRun) {
      report(compared, options);
      return;
    }
    if (!options.json) process.stdout.write(diffText(compared));
    const applied = await run(false);
    if (options.json || applied.state !== 'done') report(applied, options);
    else process.stdout.write(`applied (job ${applied.id})\n`);
  });

class Interrupted extends Error {
  readonly job: string;

  constructor(job: string) {
    super(`job ${job} was left unfinished`);
    this.job = job;
  }
}

/** Ctrl-C stops the watching, never the job: it goes on in the hub, or where it stood when it is resumed. */
export const withInterrupt = async (work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once('SIGINT', onSignal);
  try {
    await work(interrupt.signal);
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown;
    process.stderr.write(
      `Interrupted. Job ${thrown.job} is kept: plietsch reprocess resume ${thrown.job} (or cancel ${thrown.job})\n`,
    );
    process.exitCode = INTERRUPTED;
  } finally {
    process.off('SIGINT', onSignal);
  }
};

/** Waits for the end of a job. */
export const follow = async (call: HubCall, { id, signal }: { id: string; signal: AbortSignal }): Promise<Job> => {
  for (;;) {
    const job = expectOk(await call('GET', pathOf(id))) as Job;
    if (process.stderr.isTTY) process.stderr.write(`\r${job.done}/${job.total} messages read `);
    if (job.state !== 'queued' && job.state !== 'running') {
      if (process.stderr.isTTY) process.stderr.write('\n');
      return job;
    }
    if (signal.aborted) throw new Interrupted(id);
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
};

export const report = (job: Job, { json }: Pick<Options, 'json'>): void => {
  process.stdout.write(json ? formatJson(job) : diffText(job));
  if (job.state === 'done') return;
  process.stderr.write(`job ${job.id} ${job.state}${job.error === undefined ? '' : `: ${job.error}`}\n`);
  process.exitCode = 1;
};

export const diffText = ({ diff, bounded, done }: Job): string => {
  const { changed, added, gone, unchanged, largest } = diff;
  const rows = largest.map(({ datastream, phenomenonTime, before, after }) => [
    datastream,
    phenomenonTime,
    valueText(before),
    valueText(after),
  ]);
  return [
    `${done} messages: ${changed} values changed, ${added} new, ${gone} gone, ${unchanged} unchanged\n`,
    ...(bounded === undefined ? [] : [`${bounded}\n`]),
    ...(rows.length > 0 ? [formatTable(['DATASTREAM', 'TIME', 'BEFORE', 'AFTER'], rows)] : []),
  ].join('');
};

const valueText = (value: number | null | undefined): string =>
  value === undefined ? '-' : value === null ? 'missing' : String(value);
