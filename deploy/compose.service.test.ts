import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readComposeFile } from '../test/support/compose-file.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Version 1, which Debian packages and which writes its name otherwise, knows neither `name` nor `start_interval`. */
const candidates = [
  ...(process.env.PLIETSCH_TEST_COMPOSE === undefined ? [] : [[process.env.PLIETSCH_TEST_COMPOSE]]),
  ['docker', 'compose'],
  ['docker-compose'],
];
const program = candidates.find(([command = '', ...rest]) =>
  (spawnSync(command, [...rest, 'version'], { encoding: 'utf8' }).stdout ?? '').startsWith('Docker Compose version'),
);
const missing = program ? '' : ' (SKIPPED: no Docker Compose 2 or later; name one by PLIETSCH_TEST_COMPOSE)';

describe.skipIf(!program)(`docker-compose.yml as Docker Compose itself reads it${missing}`, () => {
  const [command = '', ...first] = program ?? [];
  const compose = (env: Readonly<Record<string, string>>, ...args: string[]) =>
    spawnSync(command, [...first, '--env-file', '/dev/null', ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    });

  it('is valid with every profile, without a warning', () => {
    const args = ['--profile', 'chirpstack', '--profile', 'backup', 'config', '--format', 'json'];
    const { status, stdout, stderr } = compose({ STACK_DIR: './stack' }, ...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { services } = JSON.parse(stdout) as { services: Record<string, { user: string; image: string }> };
    const ours = readComposeFile().services;
    expect(Object.keys(services).sort()).toEqual(Object.keys(ours).sort());
    // Our own reading of anchors and merges agrees with Compose's.
    for (const [name, { user, image }] of Object.entries(services))
      expect([name, user, image]).toEqual([name, ours[name]?.user, ours[name]?.image]);
  });

  it('is refused before the secrets were made', () => {
    const { status, stderr } = compose({}, 'config', '-q');
    expect(status).not.toBe(0);
    expect(stderr).toContain('run scripts/init-stack.sh first');
  });
});
