import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { passwordLine } from './mosquitto-password.ts';

/** Where things are: the operator's folder, and what the repository brings. */
export interface Sources {
  readonly stack: string;
  readonly deploy: string;
  /** Fresh random bytes. */
  readonly random: (bytes: number) => Buffer;
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

interface Service {
  readonly owner: Owner;
  /** Volumes whose folder becomes the service's own; what is in them stays as it is. */
  readonly data: readonly string[];
  /** Volume for the files, and what goes into each. */
  readonly config?: string;
  readonly files: (sources: Sources) => Readonly<Record<string, string>>;
}

const secret = ({ stack }: Sources, name: string): string => {
  if (name.split('/').includes('..')) throw new Error(`@{${name}} leads out of the secrets`);
  const file = join(stack, 'secrets', name);
  if (!existsSync(file)) throw new Error(`There is no secret ${file}, which a configuration names`);
  const text = readFileSync(file, 'utf8').trim();
  if (text === '') throw new Error(`The secret ${file} is empty`);
  return text;
};

/** Puts secrets in the place of `@{name}`; comments may name what is not there. */
const render = (sources: Sources, file: string): string =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((line) =>
      /^\s*#/.test(line) ? line : line.replace(/@\{([a-z0-9/._-]+)\}/g, (_, name: string) => secret(sources, name)),
    )
    .join('\n');

/** The files of a folder that may be missing. */
const filesIn = (folder: string, prefix = ''): Record<string, string> =>
  existsSync(folder)
    ? Object.fromEntries(readdirSync(folder).map((name) => [prefix + name, readFileSync(join(folder, name), 'utf8')]))
    : {};

const mosquittoFiles = (sources: Sources): Record<string, string> => {
  const users = readdirSync(join(sources.stack, 'secrets', 'mosquitto')).sort();
  return {
    passwords: users
      .map((user) => passwordLine(user, secret(sources, `mosquitto/${user}`), sources.random(12)))
      .join(''),
    acl: readFileSync(join(sources.stack, 'mosquitto.acl'), 'utf8'),
    // Options of the health check's mosquitto_sub, which reads them from a file of its own name.
    mosquitto_sub: `-u monitor\n-P ${secret(sources, 'mosquitto/monitor')}\n`,
    ...filesIn(join(sources.stack, 'secrets', 'tls')),
    // The broker wants its folder to be there, with or without files of the operator.
    'conf.d/none.conf': '# Settings of the operator lie beside this file.\n',
    ...filesIn(join(sources.stack, 'mosquitto.d'), 'conf.d/'),
  };
};

const nothing = (): Record<string, string> => ({});

/** Users as the images have them; docker-compose.yml runs each service as the same. */
export const services: Readonly<Record<string, Service>> = {
  hub: {
    owner: { uid: 1000, gid: 1000 },
    data: ['hub-data'],
    config: 'hub-config',
    files: (sources) => ({ 'plietsch.yaml': render(sources, join(sources.stack, 'plietsch.yaml')) }),
  },
  mosquitto: {
    owner: { uid: 1883, gid: 1883 },
    data: ['mosquitto-data'],
    config: 'mosquitto-config',
    files: mosquittoFiles,
  },
  influxdb: {
    owner: { uid: 1000, gid: 1000 },
    data: ['influxdb-data'],
    config: 'influxdb-config',
    files: (sources) => ({ 'admin-token': secret(sources, 'influxdb-admin-token') }),
  },
  grafana: {
    owner: { uid: 472, gid: 472 },
    data: ['grafana-data'],
    config: 'grafana-config',
    files: (sources) => ({
      'admin-password': secret(sources, 'grafana-admin-password'),
      'secret-key': secret(sources, 'grafana-secret-key'),
    }),
  },
  backups: { owner: { uid: 1000, gid: 1000 }, data: ['backups'], files: nothing },
  chirpstack: {
    owner: { uid: 65_534, gid: 65_534 },
    data: [],
    config: 'chirpstack-config',
    files: (sources) => ({
      'chirpstack.toml': render(sources, join(sources.deploy, 'chirpstack', 'chirpstack.toml')),
      'region_eu868.toml': render(sources, join(sources.deploy, 'chirpstack', 'region_eu868.toml')),
    }),
  },
  'gateway-bridge': {
    owner: { uid: 65_534, gid: 65_534 },
    data: [],
    config: 'gateway-bridge-config',
    files: (sources) => ({
      'gateway-bridge.toml': render(sources, join(sources.deploy, 'chirpstack', 'gateway-bridge.toml')),
    }),
  },
  postgres: {
    owner: { uid: 70, gid: 70 },
    data: ['postgres-data'],
    config: 'postgres-config',
    files: (sources) => ({ password: secret(sources, 'postgres-password') }),
  },
  redis: { owner: { uid: 999, gid: 1000 }, data: ['redis-data'], files: nothing },
};
