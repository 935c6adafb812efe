import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { HubError } from '../model/errors.ts';
import { parseRfc3339 } from '../model/time.ts';
import { activateCodec } from './codec-activation.ts';
import { formatJson, formatTable } from './table.ts';
import { expectOk, type WithHub } from './with-hub.ts';

interface Version {
  readonly profile: string;
  readonly version: number;
  readonly active: boolean;
  readonly createdAt: string;
  readonly createdBy: string;
}

interface UploadOptions {
  readonly script?: string;
  readonly profile?: string;
  readonly vectors?: string;
  readonly dialect?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const PATH = '/api/v1/codecs';

/** Commands on the codecs that the hub keeps. Exit codes: 0 done, 1 refused, e.g. by a vector, 2 usage. */
export const registerStored = (codec: Command, hub: WithHub): void => {
  registerList(codec, hub);
  registerUpload(codec, hub);
  registerActivate(codec, hub);
};

const registerList = (codec: Command, hub: WithHub): void => {
  codec
    .command('list')
    .description('List uploaded codecs with their versions')
    .option('--json', 'print the list as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { items } = (await hub(async (call) => expectOk(await call('GET', PATH)))) as { items: Version[] };
      const rows = items.map(({ profile, version, active, createdAt, createdBy }) => [
        profile,
        String(version),
        active ? 'yes' : 'no',
        createdAt,
        createdBy,
      ]);
      process.stdout.write(
        json ? formatJson(items) : formatTable(['PROFILE', 'VERSION', 'ACTIVE', 'UPLOADED', 'BY'], rows),
      );
    });
};

const registerUpload = (codec: Command, hub: WithHub): void => {
  codec
    .command('upload')
    .description(
      "Upload a vendor's codec with its profile and vectors; the first version of a profile is active at once",
    )
    .argument(
      '[folder]',
      'folder with codec.js, profile.json and vectors.json; without codec.js the network server decodes',
    )
    .option('--script <file>', 'JavaScript file with decodeUplink, Decode or Decoder')
    .option('--profile <file>', 'the device profile, as profile.json of a device room, its id custom/<model>')
    .option('--vectors <file>', 'list of {fPort,hex,expected} that must pass')
    .option('--dialect <dialect>', 'how the script is called (default: auto)')
    .option('--dry-run', 'only check it and run its vectors')
    .option('--json', 'print the answer as JSON')
    .action(async (folder: string | undefined, options: UploadOptions, command: Command) => {
      const { profile, vectors } = options;
      if (folder === undefined && (profile === undefined || vectors === undefined)) {
        command.error('error: name a folder, or --script, --profile and --vectors', { exitCode: 2 });
      }
      const upload = await readUpload(folder, options);
      const path = `${PATH}?dryRun=${options.dryRun === true}`;
      const answer = await hub(async (call) => expectOk(await call('POST', path, upload)));
      process.stdout.write(options.json ? formatJson(answer) : uploadText(answer as Uploaded, options));
    });
};

interface Uploaded {
  readonly profile: string;
  readonly version: number;
  readonly vectors: number;
  readonly active: boolean;
}

const uploadText = ({ profile, version, vectors, active }: Uploaded, { dryRun }: UploadOptions): string => {
  const passed = `${vectors} vectors passed`;
  if (dryRun) return `${passed}; this would be version ${version} of ${profile}\n`;
  const next = active ? 'it is active' : `next: plietsch codec activate ${profile} ${version}`;
  return `${passed}; version ${version} of ${profile} is stored, ${next}\n`;
};

const readUpload = async (folder: string | undefined, options: UploadOptions): Promise<Record<string, unknown>> => {
  const inFolder = (name: string) => (folder === undefined ? undefined : join(folder, name));
  const { dialect } = options;
  const script =
    options.script === undefined ? await readIfThere(inFolder('codec.js')) : await readNamed(options.script);
  return {
    profile: await readJson(options.profile ?? inFolder('profile.json') ?? ''),
    vectors: await readJson(options.vectors ?? inFolder('vectors.json') ?? ''),
    ...(script === undefined ? { fromNetwork: true } : { script }),
    ...(dialect !== undefined && { dialect }),
  };
};

const readIfThere = async (path: string | undefined): Promise<string | undefined> =>
  path === undefined
    ? undefined
    : readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
        if (thrown.code === 'ENOENT') return undefined;
        throw thrown;
      });

const readNamed = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new HubError('HUB_REQUEST_INVALID', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
};

const readJson = async (path: string): Promise<unknown> => {
  const text = await readNamed(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new HubError('HUB_REQUEST_INVALID', `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
};

const registerActivate = (codec: Command, hub: WithHub): void => {
  codec
    .command('activate')
    .description('Decode by another version: shows what would change in what is stored, then changes it')
    .argument('<profile>', 'custom/<model>')
    .argument('<version>', 'number of the version')
    .option('--since <time>', 'messages received at or after this time, e.g. 2026-03-02T07:15:31Z (default: all)')
    .option('--dry-run', 'only show what would change')
    .option('--json', 'print the job as JSON')
    .action(
      async (profile: string, version: string, options: { since?: string; dryRun?: boolean }, command: Command) => {
        const { since } = options;
        const refuse = (message: string): never => command.error(`error: ${message}`, { exitCode: 2 });
        if (since !== undefined && parseRfc3339(since) === undefined)
          refuse('--since: write a time as 2026-03-02T07:15:31Z');
        if (!/^[a-z0-9-]+\/[a-z0-9_-]+$/.test(profile)) refuse('write the profile as custom/<model>');
        if (!/^[1-9]\d{0,8}$/.test(version)) refuse('write the version as a number; `codec list` names them');
        await hub((call) => activateCodec(call, `${PATH}/${profile}/${version}/activate`, options));
      },
    );
};
