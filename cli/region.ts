import { readFile, writeFile } from 'node:fs/promises';
import { Argument, type Command } from 'commander';
import { HubError } from '../model/errors.ts';
import type { EntityReport } from '../model/ports.ts';
import { parseRegion } from '../model/region.ts';
import { type CsvTable, csvColumns, csvTables, parseRegionCsv } from '../model/region-csv.ts';
import type { RegionEntity } from '../model/region-entity.ts';
import { formatRegion } from '../model/region-format.ts';
import type { Registered } from '../model/region-references.ts';
import { formatJson } from './table.ts';
import { expectOk, type HubCall, type WithHub } from './with-hub.ts';

interface ImportOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Exit codes: 0 done, 1 refused, 2 usage (no such file). */
export const register = (program: Command, hub: WithHub): void => {
  const region: Command = program
    .command('region')
    .description('Read and write the region file: municipalities, sites, things, devices');
  const read = (file: string): Promise<string> =>
    readFile(file, 'utf8').catch((thrown: Error) => region.error(`error: ${thrown.message}`, { exitCode: 2 }));

  region
    .command('import')
    .description('Create and change what a region file names; entries it does not name stay')
    .argument('<file>', 'region file (YAML)')
    .option('--dry-run', 'only say what would change')
    .option('--json', 'print the answer as JSON')
    .action(async (file: string, options: ImportOptions) =>
      importInto(hub, await read(file), { ...options, parse: (text, registered) => parseRegion(text, { registered }) }),
    );

  region
    .command('export')
    .description('Write the registered region as a region file')
    .argument('[file]', 'where to; standard output without it')
    .action((file?: string) => exportFrom(hub, file));

  region
    .command('import-csv')
    .description('Create and change devices or sites from a CSV file')
    .addArgument(new Argument('<table>', 'what the rows are').choices(csvTables))
    .argument('<file>', 'CSV file in UTF-8, delimiter , or ;')
    .option('--dry-run', 'only say what would change')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', columnHelp)
    .action(async (table: CsvTable, file: string, options: ImportOptions) =>
      importInto(hub, await read(file), {
        ...options,
        parse: (text, registered) => parseRegionCsv(table, text, { registered }),
      }),
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

const importInto = async (
  hub: WithHub,
  text: string,
  { dryRun = false, json = false, parse }: Import,
): Promise<void> => {
  try {
    const changes = await hub(async (call) => {
      const known = new Set((await registeredEntities(call)).map(({ kind, put }) => `${kind} ${put.id}`));
      const entities = parse(text, (kind, id) => known.has(`${kind} ${id}`));
      const body = expectOk(await call('POST', `/api/v1/region?dryRun=${dryRun}`, { entities }));
      return (body as { changes: EntityReport[] }).changes;
    });
    process.stdout.write(json ? formatJson({ dryRun, changes }) : report(changes, dryRun));
  } catch (thrown) {
    if (!json || !(thrown instanceof HubError) || thrown.code === 'HUB_CONFIG_INVALID') throw thrown;
    const { code, message, faults } = thrown;
    process.stdout.write(formatJson({ error: { code, message, faults } }));
    process.exitCode = 1;
  }
};

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
