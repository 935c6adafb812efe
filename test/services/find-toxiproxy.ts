import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = 'v2.5.0';
const PACKAGE = 'github.com/Shopify/toxiproxy/v2/cmd/server';
/** Five seconds where its modules are at hand. */
const BUILD_TIMEOUT_MS = 120_000;

/** Where a Toxiproxy server, which spoils connections on purpose, can be had for tests. */
export type ToxiproxySource =
  | { readonly kind: 'program'; readonly path: string }
  | { readonly kind: 'none'; readonly reason: string };

const onPath = (program: string): string | undefined => {
  try {
    return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
};

/** Builds it outside the repository and puts it in its place in one step, so that nobody starts half a program. */
const build = (go: string, { target, folder }: { target: string; folder: string }): ToxiproxySource => {
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, 'toxiproxy-'));
  try {
    execFileSync(go, ['install', `${PACKAGE}@${VERSION}`], {
      env: { ...process.env, GOBIN: work, GOFLAGS: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: BUILD_TIMEOUT_MS,
    });
    renameSync(join(work, 'server'), target);
    return { kind: 'program', path: target };
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    return { kind: 'none', reason: `toxiproxy ${VERSION} could not be built: ${reason}` };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

/** In this order: PLIETSCH_TEST_TOXIPROXY, `toxiproxy-server` on the PATH, one built before or now by `go install`. */
export const findToxiproxy = (): ToxiproxySource => {
  const named = process.env.PLIETSCH_TEST_TOXIPROXY;
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`PLIETSCH_TEST_TOXIPROXY names ${named}, which does not exist`);
    return { kind: 'program', path: named };
  }
  const installed = onPath('toxiproxy-server');
  if (installed !== undefined) return { kind: 'program', path: installed };
  const folder = process.env.PLIETSCH_CACHE ?? join(homedir(), '.cache', 'plietsch');
  const target = join(folder, `toxiproxy-server-${VERSION}`);
  if (existsSync(target)) return { kind: 'program', path: target };
  const go = onPath('go');
  if (go !== undefined) return build(go, { target, folder });
  return { kind: 'none', reason: 'no toxiproxy: name one by PLIETSCH_TEST_TOXIPROXY, or install Go to build it' };
};
