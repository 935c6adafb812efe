import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { HubError } from '../model/errors.ts';
import { formatJson, formatTable } from './table.ts';
import { expectOk, type HubCall, type WithHub } from './with-hub.ts';

interface Report {
  readonly dataset: string;
  readonly month: string;
  readonly action: string;
  readonly rows: number;
}

interface Run {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly items: readonly Report[];
  readonly error?: { readonly code: string; readonly detail: string };
}

const PATH = '/api/v1/dumps';
const POLL_MS = 250;

/** What became of a run, at its end. */
const reportsOf = async (call: HubCall, request: object): Promise<readonly Report[]> => {
  let run = expectOk(await call('POST', PATH, request)) as Run;
  while (run.state === 'running') {
    await sleep(POLL_MS);
    run = expectOk(await call('GET', `${PATH}/${run.id}`)) as Run;
  }
  if (run.error) throw new HubError(run.error.code as HubError['code'], run.error.detail);
  return run.items;
};

/** `plietsch dump`: makes the monthly files of open data now. */
export const register = (program: Command, hub: WithHub): void => {
  program
    .command('dump')
    .description('Make the monthly files of published datasets now: those that are missing or no longer up to date')
    .option('--dataset <id>', 'only those of this dataset')
    .option('--month <month>', 'only those of this month, e.g. 2026-03')
    .option('--json', 'print JSON')
    .action(async ({ dataset, month, json }: { dataset?: string; month?: string; json?: boolean }) => {
      const body = { ...(dataset !== undefined && { dataset }), ...(month !== undefined && { month }) };
      const items = await hub((call) => reportsOf(call, body));
      if (json) process.stdout.write(formatJson(items));
      else if (items.length === 0) console.log('There is nothing to write: no published dataset holds observations.');
      else {
        const rows = items.map((report) => [report.dataset, report.month, report.action, String(report.rows)]);
        process.stdout.write(formatTable(['DATASET', 'MONTH', 'FILES', 'ROWS'], rows));
      }
    });
};
