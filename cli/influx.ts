import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { loadConfig } from '../config.ts';
import { readSecret } from '../store/influxdb/secret-file.ts';
import { type InitReport, initInflux } from '../store/influxdb/setup.ts';

interface InitOptions {
  readonly url?: string;
  readonly org?: string;
  readonly bucket?: string;
  readonly adminTokenFile: string;
  readonly setup?: boolean;
  readonly adminUser: string;
  readonly adminPasswordFile?: string;
  readonly hubTokenFile?: string;
  readonly grafanaTokenFile?: string;
}

/** `plietsch influx init`: makes what the hub needs of an InfluxDB 2 server; needs no data folder. */
export const register = (program: Command): void => {
  program
    .command('influx')
    .description('InfluxDB 2 as the home of observations')
    .command('init')
    .description('Make organisation, buckets, retention, InfluxQL names and tokens where they are missing')
    .option('--url <url>', 'address of the server; default: observations.influxdb.url')
    .option('--org <name>', 'organisation; default: observations.influxdb.org')
    .option('--bucket <name>', 'bucket; default: observations.influxdb.bucket')
    .requiredOption('--admin-token-file <file>', 'file with the token of an administrator')
    .option('--setup', 'first set-up of a server that has none, with that token')
    .addOption(new Option('--admin-user <name>', 'with --setup: name of the administrator').default('admin'))
    .option('--admin-password-file <file>', 'with --setup: file with the password; default: one that nobody knows')
    .option('--hub-token-file <file>', 'write a token for the hub here, unless the file exists')
    .option('--grafana-token-file <file>', 'write a token that may only read here, unless the file exists')
    .action(init);
};

const init = async (options: InitOptions): Promise<void> => {
  const { keepDays, influxdb } = loadConfig().observations;
  const { url = influxdb.url, org = influxdb.org, bucket = influxdb.bucket } = options;
  const { hubTokenFile, grafanaTokenFile } = options;
  const adminToken = readSecret(options.adminTokenFile, '--admin-token-file');
  const settings = { ...influxdb, url, org, bucket, token: adminToken };
  const setUp = options.setup ? { username: options.adminUser, password: passwordOf(options) } : undefined;
  const report = await initInflux(settings, { adminToken, keepDays, setUp });
  for (const line of report.lines) console.log(line);
  if (hubTokenFile !== undefined) await writeToken(hubTokenFile, 'hub', () => report.createHubToken());
  if (grafanaTokenFile !== undefined) await writeToken(grafanaTokenFile, 'Grafana', () => report.createReaderToken());
};

const passwordOf = ({ adminPasswordFile }: InitOptions): string =>
  adminPasswordFile === undefined
    ? randomBytes(24).toString('base64url')
    : readSecret(adminPasswordFile, '--admin-password-file');

const writeToken = async (file: string, whose: string, create: InitReport['createHubToken']): Promise<void> => {
  if (existsSync(file)) {
    console.log(`token for ${whose}: ${file} exists, left as it is`);
    return;
  }
  // First, since a token that cannot be written down would stay at the server, known to nobody.
  const opened = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(opened, `${await create()}\n`);
  } catch (thrown) {
    rmSync(file);
    throw thrown;
  } finally {
    closeSync(opened);
  }
  console.log(`token for ${whose}: written to ${file}`);
};
