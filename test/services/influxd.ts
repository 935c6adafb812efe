import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InfluxConnection } from '../../store/influxdb/connection.ts';
import type { PemFiles } from './certificates.ts';
import type { InfluxdSource } from './find-influxd.ts';
import { freePort } from './free-port.ts';

/** A real InfluxDB 2 for one test file, set up with an organisation and an all-access token, without buckets of ours. */
export interface Influxd {
  readonly url: string;
  readonly org: string;
  readonly adminToken: string;
  /** 0 where it runs in a container. */
  readonly pid: number;
  /** Ends it at once, as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on the same port with what it had stored. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export interface InfluxdOptions {
  /** Folder of its data, e.g. on a small file system; a new one by default. */
  readonly folder?: string;
  /** Without the first set-up, as it comes from its makers. */
  readonly bare?: boolean;
  /** PEM files with which it speaks TLS; programs only. */
  readonly tls?: PemFiles & { readonly authority: string };
}

const ORG = 'test';
const ADMIN_TOKEN = 'admin-token-only-for-this-test-run';
const SETUP = { username: 'admin', password: 'only-for-this-test-run', org: ORG, bucket: 'first', token: ADMIN_TOKEN };

export const startInfluxd = async (source: InfluxdSource, options: InfluxdOptions = {}): Promise<Influxd> => {
  if (source.kind === 'none') throw new Error(source.reason);
  return source.kind === 'program' ? startProgram(source.path, options) : startContainer(source.image, options);
};

const isUp = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

/** Answers while it starts are none; then it is ready. */
const isReady = async (url: string): Promise<boolean> =>
  (await fetch(`${url}/health`).catch(() => undefined))?.ok === true;

const setUp = (url: string, caFile?: string): Promise<unknown> => {
  const { org, bucket, token, username, password } = SETUP;
  const settings = { url, org, bucket, token: '', timeoutMs: 10_000, gzip: false, ...(caFile && { caFile }) };
  return new InfluxConnection(settings).call('POST', '/api/v2/setup', { username, password, org, bucket, token });
};

const startProgram = async (program: string, { folder: given, bare, tls }: InfluxdOptions): Promise<Influxd> => {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'plietsch-influxd-'));
  const port = await freePort();
  const url = tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const place = (name: string): string => join(folder, name);
    const settings = {
      'log-level': 'error',
      'http-bind-address': `127.0.0.1:${port}`,
      'bolt-path': place('bolt'),
      'sqlite-path': place('sqlite'),
      'engine-path': place('engine'),
      ...(tls && { 'tls-cert': tls.cert, 'tls-key': tls.key }),
    };
    const named = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
    const started = spawn(program, ['--ui-disabled', '--reporting-disabled', ...named], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = started;
    let log = '';
    started.stderr.on('data', (text) => (log = (log + String(text)).slice(-4000)));
    for (let i = 0; i < 600; i++) {
      if (started.exitCode !== null) throw new Error(`influxd ended: ${log}`);
      if (await (tls ? isUp(port) : isReady(url))) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`influxd does not answer: ${log}`);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };

  await start();
  if (!bare) await setUp(url, tls?.authority);
  return {
    url,
    org: ORG,
    adminToken: ADMIN_TOKEN,
    get pid() {
      return child?.pid ?? 0;
    },
    kill: () => end('SIGKILL'),
    start,
    stop: async () => {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const startContainer = async (image: string, { bare }: InfluxdOptions): Promise<Influxd> => {
  const { GenericContainer, Wait } = await import('testcontainers');
  // A fixed port of ours, since a container that is started again gets another one otherwise.
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const container = await new GenericContainer(image)
    .withExposedPorts({ container: 8086, host: port })
    .withWaitStrategy(Wait.forHttp('/health', 8086))
    .start();
  const awaitUp = async (): Promise<void> => {
    for (let i = 0; i < 600; i++) {
      if (await isReady(url)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('influxd in its container does not answer');
  };
  if (!bare) await setUp(url);
  return {
    url,
    org: ORG,
    adminToken: ADMIN_TOKEN,
    pid: 0,
    kill: async () => {
      await container.stop({ remove: false, timeout: 0 });
    },
    start: async () => {
      await container.restart();
      await awaitUp();
    },
    stop: async () => {
      await container.stop();
    },
  };
};
