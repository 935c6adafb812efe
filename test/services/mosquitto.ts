import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const paths = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'];

/** The broker's program (Debian package `mosquitto`); undefined where it is not installed. */
export const mosquittoProgram = paths.find((path) => existsSync(path));

/** Why tests with it are skipped. */
export const mosquittoMissing = mosquittoProgram
  ? ''
  : ' (SKIPPED: mosquitto is not installed; apt-get install mosquitto)';

export interface MosquittoUser {
  readonly name: string;
  readonly password: string;
  /** Lines of the access control list, e.g. `topic read application/#`. */
  readonly acl: readonly string[];
}

export interface Mosquitto {
  readonly port: number;
  readonly url: string;
  readonly folder: string;
  readonly pid: number;
  /** Ends it at once, as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on the same port with what it had saved. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

export interface MosquittoTls {
  /** PEM files of the broker's certificate and key. */
  readonly cert: string;
  readonly key: string;
  /** PEM file of the authority of client certificates; given: every client needs one. */
  readonly clientCa?: string;
}

const tlsConfig = ({ cert, key, clientCa }: MosquittoTls): string => `certfile ${cert}
keyfile ${key}
${clientCa === undefined ? '' : `cafile ${clientCa}\nrequire_certificate true\n`}`;

/**
 * The settings without which Mosquitto loses what it acknowledged: by default it keeps 1,000 messages per client in
 * memory only. autosave_on_changes would slow it to some hundred messages a second while a queue waits.
 */
export const mosquittoConfig = (port: number, folder: string, tls?: MosquittoTls): string => `listener ${port} 127.0.0.1
${tls ? tlsConfig(tls) : ''}user ${userInfo().username}
allow_anonymous false
password_file ${join(folder, 'passwords')}
acl_file ${join(folder, 'acl')}
# nobody takes over or wipes the session of another user
use_username_as_clientid true
persistence true
persistence_location ${folder}/
autosave_interval 1
autosave_on_changes false
max_queued_messages 0
set_tcp_nodelay true
log_type error
log_type warning
`;

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

/** A Mosquitto on a free port of the loopback address, with a folder of its own. */
export const startMosquitto = async (users: readonly MosquittoUser[], tls?: MosquittoTls): Promise<Mosquitto> => {
  if (!mosquittoProgram) throw new Error('mosquitto is not installed');
  const program = mosquittoProgram;
  const folder = await mkdtemp(join(tmpdir(), 'plietsch-mosquitto-'));
  const port = await freePort();
  const configFile = join(folder, 'mosquitto.conf');
  await writeFile(configFile, mosquittoConfig(port, folder, tls));
  await writeFile(join(folder, 'passwords'), users.map(({ name, password }) => `${name}:${password}\n`).join(''), {
    mode: 0o600,
  });
  execFileSync('mosquitto_passwd', ['-U', join(folder, 'passwords')]);
  const acl = users.map(({ name, acl: lines }) => [`user ${name}`, ...lines, ''].join('\n')).join('\n');
  await writeFile(join(folder, 'acl'), acl, { mode: 0o600 });

  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const started = spawn(program, ['-c', configFile], { stdio: ['ignore', 'ignore', 'pipe'] });
    child = started;
    let log = '';
    started.stderr?.on('data', (text) => {
      log += String(text);
    });
    for (let i = 0; i < 200; i++) {
      if (started.exitCode !== null) throw new Error(`mosquitto ended: ${log}`);
      if (await isListening(port)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`mosquitto does not listen: ${log}`);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  await start();
  return {
    port,
    url: tls ? `mqtts://localhost:${port}` : `mqtt://127.0.0.1:${port}`,
    folder,
    get pid() {
      return child?.pid ?? 0;
    },
    kill: () => end('SIGKILL'),
    start,
    stop: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
};
