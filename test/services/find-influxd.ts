import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Version that tests run against; docker-compose.yml pins the same. */
export const INFLUXDB_IMAGE = 'influxdb:2.9.1-alpine';

/** Where an InfluxDB 2 server can be had for tests. */
export type InfluxdSource =
  | { readonly kind: 'program'; readonly path: string }
  | { readonly kind: 'image'; readonly image: string }
  | { readonly kind: 'none'; readonly reason: string };

/** Builds a server where the toolchain for it is at hand; instant when it was built before. */
const script = fileURLToPath(new URL('../../../shared/tools/influxd.sh', import.meta.url));
/** Cold it takes up to ten minutes on two cores. */
const BUILD_TIMEOUT_MS = 15 * 60_000;

const hasDocker = (): boolean => spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 }).status === 0;

const onPath = (): string | undefined => {
  try {
    return execFileSync('sh', ['-c', 'command -v influxd'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
};

const build = (): Promise<string | undefined> =>
  new Promise((resolve) => {
    const child = spawn('bash', [script], { stdio: ['ignore', 'pipe', 'inherit'], timeout: BUILD_TIMEOUT_MS });
    let output = '';
    child.stdout.on('data', (text) => (output += String(text)));
    child.on('error', () => resolve(undefined));
    child.on('exit', (code) => resolve(code === 0 ? output.trim().split('\n').at(-1) : undefined));
  });

/** In this order: PLIETSCH_TEST_INFLUXD, the script that builds one, `influxd` on the PATH, a container. */
export const findInfluxd = async (): Promise<InfluxdSource> => {
  const named = process.env.PLIETSCH_TEST_INFLUXD;
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`PLIETSCH_TEST_INFLUXD names ${named}, which does not exist`);
    return { kind: 'program', path: named };
  }
  const path = (existsSync(script) ? await build() : undefined) ?? onPath();
  if (path !== undefined) return { kind: 'program', path };
  if (hasDocker()) return { kind: 'image', image: INFLUXDB_IMAGE };
  return { kind: 'none', reason: 'no influxd: name one by PLIETSCH_TEST_INFLUXD, put it on the PATH, or start Docker' };
};
