import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { loadCatalogue } from '../devices/catalogue.ts';
import { exportTs013 } from '../devices/ts013/export.ts';
import { HubError } from '../model/errors.ts';

interface ExportOptions {
  readonly profile: string;
  readonly format: string;
  readonly out?: string;
}

/** Exit codes: 0 written, 1 no such profile, 2 usage. */
export const registerExport = (profiles: Command): void => {
  profiles
    .command('export')
    .description('Write a codec as one JavaScript file that other network servers run, with examples')
    .requiredOption('--profile <id>', 'vendor/model or vendor-model')
    .option(
      '--format <format>',
      'ts013: LoRa Alliance TS013-1.0.0, for ChirpStack, The Things Stack and others',
      'ts013',
    )
    .option('--out <file>', 'file to write (default: standard output)')
    .action(async ({ profile, format, out }: ExportOptions, command: Command) => {
      if (format !== 'ts013')
        return command.error(`error: --format "${format}" is not known; write ts013`, { exitCode: 2 });
      const entry = (await loadCatalogue()).get(profile);
      if (!entry) {
        throw new HubError('HUB_CODEC_UNKNOWN_PROFILE', `No device profile "${profile}"; \`profiles list\` names them`);
      }
      const script = await exportTs013(entry);
      if (out === undefined) process.stdout.write(script);
      else await writeFile(out, script, { flag: 'wx' });
    });
};
