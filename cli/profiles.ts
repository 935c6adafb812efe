import type { Command } from 'commander';
import { type DeviceProfile, type FieldMapping, loadCatalogue } from '../devices/catalogue.ts';
import { registerExport } from './profile-export.ts';
import { registerGuess } from './profile-guess.ts';
import { formatJson } from './table.ts';

/** Exit codes: 0 shown, 1 no such profile. */
export const register = (program: Command): void => {
  const profiles = program.command('profiles').description('The device catalogue: which models this hub can decode');
  registerGuess(profiles);
  registerExport(profiles);

  profiles
    .command('list')
    .description('List all device profiles')
    .option('--json', 'print them as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const list = (await loadCatalogue()).list().map(({ profile }) => profile);
      process.stdout.write(json ? formatJson(list) : listText(list));
    });

  profiles
    .command('show')
    .description('Show what a model sends and what becomes of it')
    .argument('<id>', 'vendor/model or vendor-model')
    .option('--json', 'print it as JSON')
    .action(async (id: string, { json = false }: { json?: boolean }) => {
      const profile = (await loadCatalogue()).get(id)?.profile;
      if (!profile) return notFound(id, json);
      process.stdout.write(json ? formatJson(profile) : profileText(profile));
    });
};

const notFound = (id: string, json: boolean): void => {
  process.exitCode = 1;
  const detail = `No device profile "${id}"; \`profiles list\` names them`;
  if (json) process.stdout.write(`${JSON.stringify({ errors: [{ code: 'HUB_CODEC_UNKNOWN_PROFILE', detail }] })}\n`);
  else process.stderr.write(`${detail}\n`);
};

export const listText = (profiles: readonly DeviceProfile[]): string => {
  const width = Math.max(...profiles.map(({ id }) => id.length), 2);
  return profiles.map(({ id, version, name }) => `${id.padEnd(width)}  ${version}  ${name.en}\n`).join('');
};

export const profileText = (profile: DeviceProfile): string => {
  const { id, version, name, datasheet, fPorts, reportingIntervalS, parameters, fields } = profile;
  const head = [
    `${id} ${version}`,
    `${name.en} (${name.de})`,
    datasheet,
    `fPort ${fPorts.join(', ')}; reports every ${reportingIntervalS} s as delivered`,
  ];
  const settings = Object.entries(parameters).map(
    ([key, { type, unit, description }]) => `  ${key} (${unit ?? type})  ${description}`,
  );
  const rows = Object.entries(fields).map(([field, mapping]) => `  ${field.padEnd(30)} ${mappingText(mapping)}`);
  return `${[...head, '', 'Parameters', ...(settings.length > 0 ? settings : ['  none']), '', 'Fields', ...rows].join('\n')}\n`;
};

const mappingText = (mapping: FieldMapping): string => {
  if (mapping.role === 'configuration') return mapping.description;
  const { role, property, channel, unit } = mapping;
  return `→ ${property}${channel === undefined ? '' : `.${channel}`} (sent in ${unit}${role === 'health' ? ', device health' : ''})`;
};
