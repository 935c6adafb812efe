import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readComposeFile } from '../test/support/compose-file.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const text = read('docs/operations.md');
const { services, volumes } = readComposeFile();

/** First words after a command, options and their values left out. */
const calls = (pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map(([, found = '']) => found))];

describe('docs/operations.md', () => {
  it('calls services that there are', () => {
    const named = [
      ...calls(/docker compose exec (?:-T )?([a-z-]+)/g),
      ...calls(/docker compose (?:--profile [a-z]+ )?run (?:--rm |--no-deps |--entrypoint [a-z]+ )*([a-z-]+)/g),
      ...calls(/docker compose (?:restart|stop|kill -s HUP) ([a-z-]+)/g),
    ];
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !(name in services))).toEqual([]);
    expect(calls(/--profile ([a-z]+)/g).sort()).toEqual(['backup', 'chirpstack']);
    const volumesNamed = calls(/plietsch_([a-z]+(?:-[a-z]+)*)/g);
    expect(volumesNamed.filter((name) => !(name in volumes))).toEqual([]);
  });

  it('calls commands of plietsch that there are', () => {
    const sources = globSync('cli/*.ts', { cwd: root }).map((file) => read(file));
    const called = calls(/plietsch ((?:token|store|influx|region|config) [a-z]+|start|restore)/g);
    expect(called).toEqual(expect.arrayContaining(['store rebuild', 'token create', 'influx init', 'region import']));
    for (const words of called) {
      const isThere = sources.some((source) => words.split(' ').every((word) => source.includes(`.command('${word}'`)));
      expect([words, isThere]).toEqual([words, true]);
    }
  });

  it('names files of the repository, and variables of .env, that there are', () => {
    const paths = calls(/`?((?:deploy|scripts|bench)\/[\w./-]+\w)/g);
    expect(paths.length).toBeGreaterThan(6);
    expect(paths.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
    const variables = calls(/`([A-Z]+(?:_[A-Z]+)+)(?:=[a-z]+)?`/g).filter((name) => !name.startsWith('DOCKER'));
    expect(variables.length).toBeGreaterThan(5);
    for (const name of variables)
      expect([name, new RegExp(`^${name}=`, 'm').test(read('.env.example'))]).toEqual([name, true]);
  });

  it('names the alerts that there are', () => {
    const alerts = [...read('deploy/prometheus/alerts.yml').matchAll(/alert: (\w+)/g)].map(([, name]) => name);
    expect(calls(/^\| `([A-Z]\w+)` +\|.*\| (?:now|today|tomorrow) /gm)).toEqual(alerts);
  });
});
