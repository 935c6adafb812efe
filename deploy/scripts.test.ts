import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { newFolder } from '../test/support/hub-process.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const scripts = globSync('{scripts,deploy/**,test/services}/*.sh', { cwd: root }).sort();
const hasShellcheck = spawnSync('shellcheck', ['--version']).error === undefined;

describe('shell scripts', () => {
  it('are found', () => {
    expect(scripts).toEqual(
      expect.arrayContaining(['deploy/backup/backup.sh', 'scripts/init-stack.sh', 'scripts/smoke.sh']),
    );
  });

  it.each(scripts)('%s is a POSIX script that stops at the first fault', (script) => {
    expect(readFileSync(join(root, script), 'utf8')).toMatch(/^#!\/bin\/sh\n(#.*\n)*set -eu$/m);
    expect(spawnSync('sh', ['-n', join(root, script)], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it.skipIf(!hasShellcheck).each(scripts)(
    `%s pleases shellcheck${hasShellcheck ? '' : ' (SKIPPED: apt-get install shellcheck)'}`,
    (script) => {
      expect(spawnSync('shellcheck', [join(root, script)], { encoding: 'utf8' }).stdout).toBe('');
    },
  );
});

describe('scripts/init-stack.sh', () => {
  let folder = '';
  const init = () => spawnSync('sh', [join(root, 'scripts/init-stack.sh'), folder], { encoding: 'utf8' });
  const secrets = (): Map<string, string> => {
    const files = readdirSync(join(folder, 'stack/secrets'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    return new Map(files.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'utf8')]));
  };
  beforeEach(() => {
    folder = newFolder('init-stack');
  });

  it('makes a secret of its own for everything, for its owner alone', () => {
    expect(init()).toMatchObject({ status: 0, stderr: '' });
    const made = secrets();
    expect(made.size).toBe(11);
    expect(new Set(made.values()).size).toBe(11);
    for (const secret of made.values()) expect(secret).toMatch(/^[0-9a-f]{48}$/);
    for (const path of ['.env', 'stack/plietsch.yaml', 'stack/secrets/influxdb-admin-token'])
      expect([path, statSync(join(folder, path)).mode & 0o777]).toEqual([path, 0o600]);
    expect(statSync(join(folder, 'stack')).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(folder, '.env'), 'utf8')).toMatch(/^STACK_DIR=\.\/stack$/m);
    expect(readdirSync(folder).sort()).toEqual(['.env', 'stack']);
  });

  it('overwrites nothing', () => {
    init();
    const before = secrets();
    const again = init();
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('there already');
    expect(secrets()).toEqual(before);
  });

  it('names in the broker every user that its access list names', () => {
    init();
    const acl = readFileSync(join(folder, 'stack/mosquitto.acl'), 'utf8');
    const users = [...acl.matchAll(/^user (\S+)$/gm)].map(([, user = '']) => user).sort();
    expect(readdirSync(join(folder, 'stack/secrets/mosquitto')).sort()).toEqual(users);
  });
});

describe('scripts/smoke.sh', () => {
  it('says what to do first', () => {
    const folder = newFolder('smoke');
    cpSync(join(root, 'scripts/smoke.sh'), join(folder, 'scripts/smoke.sh'));
    const { status, stderr } = spawnSync('sh', [join(folder, 'scripts/smoke.sh')], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'smoke: there is no .env: run scripts/init-stack.sh first\n',
    });
  });
});

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;
describe.skipIf(!hasPromtool)(
  `alert rules${hasPromtool ? '' : ' (SKIPPED: promtool is missing; apt-get install prometheus)'}`,
  () => {
    it('fire when they should, and only then', () => {
      const output = execFileSync('promtool', ['test', 'rules', 'alerts.test.yml'], {
        cwd: join(root, 'deploy/prometheus'),
        encoding: 'utf8',
      });
      expect(output).toContain('SUCCESS');
    });

    it('ask for measures that the hub has', () => {
      const rules = readFileSync(join(root, 'deploy/prometheus/alerts.yml'), 'utf8');
      const known = readFileSync(join(root, 'metrics.ts'), 'utf8') + readFileSync(join(root, 'model/ports.ts'), 'utf8');
      const asked = new Set([...rules.matchAll(/\bplietsch_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, '')));
      expect(asked.size).toBeGreaterThan(5);
      for (const name of asked) expect([name, known.includes(name)]).toEqual([name, true]);
      expect(existsSync(join(root, 'deploy/prometheus/prometheus.yml'))).toBe(true);
    });
  },
);
