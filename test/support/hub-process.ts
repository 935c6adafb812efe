import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunFile, readRunFile } from '../../engine/run-file.ts';

const root = new URL('../..', import.meta.url).pathname;

export const NETWORK = { id: 'north', user: 'north', password: 'only-for-this-test-run' } as const;

export interface HubProcess {
  readonly folder: string;
  readonly run: RunFile;
  readonly child: ChildProcess;
  /** Milliseconds from spawn to a written run.json. */
  readonly startMs: number;
  readonly log: () => string;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export interface HubProcessOptions {
  /** Data folder; a new one by default. */
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Program to run instead of `main.ts start`. */
  readonly program?: readonly string[];
  /** Fixed MQTT port, so that a publisher finds the hub again after a restart. */
  readonly mqttPort?: number;
}

const made: string[] = [];
const removeFolders = (): void => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
};
// vitest ends its processes without an exit event, and cannot be imported by a benchmark.
if (process.env.VITEST === undefined) process.once('exit', removeFolders);
else (await import('vitest')).afterAll(removeFolders);

/** A new folder, gone after the test file or the benchmark. */
export const newFolder = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `plietsch-${name}-`));
  made.push(folder);
  return folder;
};

/** A real hub in a process of its own, with one ChirpStack network. */
export const startHubProcess = async (options: HubProcessOptions = {}): Promise<HubProcess> => {
  const folder = options.folder ?? newFolder('hub');
  const configFile = join(newFolder('config'), 'plietsch.yaml');
  writeFileSync(
    configFile,
    `networks: [{ id: ${NETWORK.id}, kind: chirpstack-v4, mqtt: { user: ${NETWORK.user}, password: ${NETWORK.password} } }]\n`,
  );
  rmSync(join(folder, 'run.json'), { force: true });
  const begin = performance.now();
  const child = spawn(
    process.execPath,
    [...(options.program ?? ['--max-semi-space-size=8', join(root, 'main.ts'), 'start'])],
    {
      env: {
        PATH: process.env.PATH,
        PLIETSCH_CONFIG: configFile,
        PLIETSCH_DATA: folder,
        PLIETSCH_HTTP_PORT: '0',
        PLIETSCH_MQTT_PORT: String(options.mqttPort ?? 0),
        ...options.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => (log = (log + data.toString()).slice(-20_000)));
  const run = await waitForRun(folder, { child, log: () => log }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    folder,
    run,
    child,
    startMs: performance.now() - begin,
    log: () => log,
    kill: async (signal = 'SIGKILL') => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
};

const waitForRun = async (
  folder: string,
  { child, log }: { child: ChildProcess; log: () => string },
): Promise<RunFile> => {
  for (let i = 0; i < 1500; i++) {
    const run = readRunFile(folder);
    if (run && run.pid === child.pid) return run;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The hub ended with ${child.exitCode ?? child.signalCode}:\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`The hub did not start within 15 s:\n${log()}`);
};

/** Calls the API of a hub with its local credential. */
export const callHub = async (run: RunFile, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(new URL(path, run.httpUrl), {
    ...init,
    headers: { authorization: `Bearer ${run.credential}`, ...(init.headers as Record<string, string>) },
  });

export const getJson = async <T>(run: RunFile, path: string): Promise<T> =>
  (await (await callHub(run, path)).json()) as T;

/** Waits until a condition holds; its last answer is in the error. */
export const eventually = async <T>(
  probe: () => Promise<T>,
  holds: (value: T) => boolean,
  timeoutMs = 20_000,
): Promise<T> => {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
