import { readFile, writeFile } from 'node:fs/promises';
import { Argument, type Command } from 'commander';
import { type Fault, HubError } from '../model/errors.ts';
import type { EntityReport } from '../model/ports.ts';
import { parseRegion } from '../model/region.ts';
import { type CsvTable, csvColumns, csvTables, parseRegionCsv } from '../model/region-csv.ts';
import type { RegionEntity } from '../model/region-entity.ts';
import { formatRegion } from '../model/region-format.ts';
import type { Registered } from '../model/region-references.ts';
import { expectOk, type HubCall, type WithHub } from './with-hub.ts';

interface ImportOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Exit codes: 0 done, 1 refused, 2 usage (no such file). */
export const register = (program: Command, hub: WithHub): void => {
  const region = program
    .command('region')
    .description('Read and write the region file: municipalities, sites, things, devices');

  region
    .command('import')
    .description('Create and change what a region file names; entries it does not name stay')
    .argument('<file>', 'region file (YAML)')
    .option('--dry-run', 'only say what would change')
    .option('--json', 'print the answer as JSON')
    .action((file: string, options: ImportOptions) =>
      importInto(hub, file, { ...options, parse: (text, registered) => parseRegion(text, { registered }) }),
    );

  region
    .command('export')
    .description('Write the registered region as a region file')
    .argument('[file]', 'where to; standard output without it')
    .action((file?: string) => guarded(false, () => exportFrom(hub, file)));

  region
    .command('import-csv')
    .description('Create and change devices or sites from a CSV file')
    .addArgument(new Argument('<table>', 'what the rows are').choices(csvTables))
    .argument('<file>', 'CSV file in UTF-8, delimiter , or ;')
    .option('--dry-run', 'only say what would change')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', columnHelp)
    .action((table: CsvTable, file: string, options: ImportOptions) =>
      importInto(hub, file, { ...options, parse: (text, registered) => parseRegionCsv(table, text, { registered }) }),
    );
};

const columnHelp = (): string =>
  csvTables
    .map((table) => {
      const lines = Object.entries(csvColumns[table]).map(([name, meaning]) => `  ${name.padEnd(18)} ${meaning}`);
      return `\nColumns of ${table}:\n${lines.join('\n')}`;
    })
    .join('\n');

interface Import extends ImportOptions {
  readonly parse: (text: string, registered: Registered) => RegionEntity[];
}

const importInto = (hub: WithHub, file: string, { dryRun = false, json = false, parse }: Import): Promise<void> =>
  guarded(json, async () => {
    const text = await readFile(file, 'utf8');
    const changes = await hub(async (call) => {
      const known = new Set((await registeredEntities(call)).map(({ kind, put }) => `${kind} ${put.id}`));
      const entities = parse(text, (kind, id) => known.has(`${kind} ${id}`));
      const body = expectOk(await call('POST', `/api/v1/region?dryRun=${dryRun}`, { entities }));
      return (body as { changes: EntityReport[] }).changes;
    });
    process.stdout.write(json ? `${JSON.stringify({ dryRun, changes }, null, 2)}\n` : report(changes, dryRun));
  });

const exportFrom = async (hub: WithHub, file?: string): Promise<void> => {
  const text = formatRegion(await hub(registeredEntities));
  if (file === undefined) process.stdout.write(text);
  else await writeFile(file, text);
};

const registeredEntities = async (call: HubCall): Promise<RegionEntity[]> =>
  (expectOk(await call('GET', '/api/v1/region')) as { entities: RegionEntity[] }).entities;

const actions = ['created', 'changed', 'removed', 'unchanged'] as const;

const report = (changes: readonly EntityReport[], dryRun: boolean): string => {
  const lines = changes
    .filter(({ action }) => action !== 'unchanged')
    .map(({ action, kind, id }) => `${action.padEnd(8)} ${kind} ${id}`);
  const counts = actions
    .map((action) => [changes.filter((change) => change.action === action).length, action] as const)
    .filter(([count, action]) => count > 0 || action !== 'removed')
    .map(([count, action]) => `${count} ${action}`);
  return `${[...lines, `${counts.join(', ')}${dryRun ? ' (dry run: nothing was stored)' : ''}`].join('\n')}\n`;
};

/** Runs a command and turns what went wrong into lines on standard error and an exit code. */
const guarded = async (json: boolean, run: () => Promise<void>): Promise<void> => {
  try {
    await run();
  } catch (thrown) {
    if (thrown instanceof HubError) {
      process.exitCode = 1;
      const { code, message, faults } = thrown;
      if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, faults } }, null, 2)}\n`);
      else process.stderr.write(`${[`${code}: ${message}`, ...faults.map(faultLine)].join('\n')}\n`);
    } else if (thrown instanceof Error && 'code' in thrown && 'path' in thrown) {
      process.exitCode = 2;
      process.stderr.write(`${thrown.message}\n`);
    } else throw thrown;
  }
};

const faultLine = ({ line, path, message, hint }: Fault): string =>
  `  ${line === undefined ? '' : `line ${line}: `}${path === '' ? '' : `${path}: `}${message}${hint ? ` (${hint})` : ''}`;
