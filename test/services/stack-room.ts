import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type ComposeService, interpolate, readComposeFile } from '../support/compose-file.ts';
import { mosquittoProgram } from './mosquitto.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const script = fileURLToPath(new URL('stack-room.sh', import.meta.url));

const missing = (): string => {
  if (!mosquittoProgram) return 'mosquitto is not installed; apt-get install mosquitto mosquitto-clients';
  if (spawnSync('mosquitto_sub', ['--help'], { stdio: 'ignore' }).error) return 'apt-get install mosquitto-clients';
  const args = ['--net', '--mount', 'sh', '-c', 'ip link set lo up && mount -t tmpfs none /mnt'];
  const tried = spawnSync('unshare', args, { stdio: 'ignore' });
  return tried.status === 0 ? '' : 'needs root and namespaces of its own (unshare, ip, setpriv)';
};
const reason = missing();
/** Why tests in it are skipped. */
export const stackRoomMissing = reason === '' ? '' : ` (SKIPPED: ${reason})`;

export interface Ran {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/**
 * The services of docker-compose.yml without an engine: each runs in a mount namespace of its own, with a read-only root,
 * exactly the volumes, files, user, capabilities and variables that the compose file gives it, and all share one network
 * namespace in which the services' names mean loopback. What differs from containers: the programs are this machine's.
 */
export interface StackRoom {
  readonly folder: string;
  readonly stack: string;
  /** Host folder of a named volume. */
  volume(name: string): string;
  /** Starts a service's own command; it runs until it is ended. */
  start(service: string): ChildProcess;
  /** Starts another command in the place of the service's own. */
  startWith(service: string, command: readonly string[]): ChildProcess;
  /** Runs to its end what the service would run, or another command in its place. */
  run(service: string, command?: readonly string[], input?: string): Promise<Ran>;
  stop(): Promise<void>;
}

export interface StackRoomOptions {
  /** Programs by name that are laid on the path of every service. */
  readonly programs?: Readonly<Record<string, string>>;
}

const listOf = (command: string | readonly string[] | undefined): readonly string[] =>
  command === undefined ? [] : typeof command === 'string' ? ['sh', '-c', command] : command;

/** What the image itself would run. */
const imageEntrypoints: Readonly<Record<string, readonly string[]>> = { hub: ['plietsch'] };
const imageCommands: Readonly<Record<string, readonly string[]>> = { hub: ['start'] };

const commandOf = (name: string, service: ComposeService): string[] => [
  ...(service.entrypoint === undefined ? (imageEntrypoints[name] ?? []) : listOf(service.entrypoint)),
  ...(service.command === undefined ? (imageCommands[name] ?? []) : listOf(service.command)),
];

interface Place {
  readonly folder: string;
  /** Process whose network namespace all share. */
  readonly net: ChildProcess;
  readonly variables: Readonly<Record<string, string>>;
  readonly programs: Readonly<Record<string, string>>;
}

const { services } = readComposeFile();
const PATH = '/room/bin:/app/node_modules/.bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

const volumeIn = ({ folder }: Place, name: string): string => {
  const path = join(folder, 'volumes', name);
  mkdirSync(path, { recursive: true });
  return path;
};

const mountsOf = (place: Place, service: ComposeService): string[] =>
  (service.volumes ?? []).map((entry) => {
    const [from = '', to = '', mode = 'rw'] = interpolate(entry, place.variables).split(':');
    const isNamed = !from.startsWith('.') && !from.startsWith('/');
    return `${mode} ${isNamed ? volumeIn(place, from) : resolve(repository, from)} ${to}`;
  });

/** The service's own variables, and what stack-room.sh is to build. */
const environmentOf = (place: Place, service: ComposeService): Record<string, string> => {
  const own = Object.entries(service.environment ?? {});
  return {
    ...Object.fromEntries(own.map(([key, value]) => [key, interpolate(String(value), place.variables)])),
    PATH,
    HOME: '/tmp',
    ROOM_ROOT: join(place.folder, 'root'),
    ROOM_REPOSITORY: repository,
    ROOM_NAMES: Object.keys(services).join(' '),
    ROOM_USER: service.user,
    ROOM_CAPS: ['-all', ...(service.cap_add ?? []).map((cap) => `+${cap.toLowerCase()}`)].join(','),
    ROOM_MOUNTS: mountsOf(place, service).join('\n'),
    ROOM_TMPFS: (service.tmpfs ?? []).join('\n'),
    ROOM_PROGRAMS: Object.entries(place.programs)
      .map(([program, path]) => `${program} ${path}`)
      .join('\n'),
  };
};

const launch = (place: Place, name: string, command?: readonly string[]): ChildProcess => {
  const service = services[name];
  if (!service) throw new Error(`There is no service ${name}`);
  const own = () => commandOf(name, service).map((part) => interpolate(part, place.variables));
  const inside = [`--net=/proc/${place.net.pid}/ns/net`, 'unshare', '--mount', 'sh', '-eu', script];
  return spawn('nsenter', [...inside, ...(command ?? own())], {
    env: environmentOf(place, service),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
};

const toItsEnd = async (child: ChildProcess, input: string): Promise<Ran> => {
  // A command that ends without reading is no fault of the test's.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  const streams = [child.stdout, child.stderr].flatMap((stream) => (stream ? [text(stream)] : []));
  const [output = '', errors = ''] = await Promise.all(streams);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { status: child.exitCode, output, errors };
};

export const startStackRoom = async ({ programs = {} }: StackRoomOptions = {}): Promise<StackRoom> => {
  const folder = mkdtempSync(join(tmpdir(), 'plietsch-stack-'));
  execFileSync('sh', [join(repository, 'scripts/init-stack.sh'), folder], { stdio: 'pipe' });
  mkdirSync(join(folder, 'root'));
  const net = spawn(
    'unshare',
    ['--net', 'sh', '-c', 'ip link set lo up && echo up && exec setpriv --pdeathsig KILL sleep infinity'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await once(net.stdout, 'data');
  const place: Place = { folder, net, programs, variables: { STACK_DIR: join(folder, 'stack') } };
  const children = new Set<ChildProcess>([net]);
  const known = (child: ChildProcess): ChildProcess => {
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  return {
    folder,
    stack: join(folder, 'stack'),
    volume: (name) => volumeIn(place, name),
    start: (name) => known(launch(place, name)),
    startWith: (name, command) => known(launch(place, name, command)),
    run: (name, command, input = '') => toItsEnd(known(launch(place, name, command)), input),
    stop: async () => {
      const ending = [...children].filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
      const ended = ending.map((child) => once(child, 'exit'));
      for (const child of ending) child.kill('SIGKILL');
      await Promise.all(ended);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
