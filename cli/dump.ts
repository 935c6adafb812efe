import type { Command } from 'commander';
import { formatJson, formatTable } from './table.ts';
import { expectOk, type WithHub } from './with-hub.ts';

interface Report {
  readonly dataset: string;
  readonly month: string;
  readonly action: string;
  readonly rows: number;
}

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
      const { items } = (await hub(async (call) => expectOk(await call('POST', '/api/v1/dumps', body)))) as {
        items: Report[];
      };
      if (json) process.stdout.write(formatJson(items));
      else if (items.length === 0) console.log('There is nothing to write: no published dataset holds observations.');
      else {
        const rows = items.map((report) => [report.dataset, report.month, report.action, String(report.rows)]);
        process.stdout.write(formatTable(['DATASET', 'MONTH', 'FILES', 'ROWS'], rows));
      }
    });
};
