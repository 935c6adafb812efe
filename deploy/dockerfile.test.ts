import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));
const text = readFileSync(`${root}/Dockerfile`, 'utf8');
/** Instructions without comments, continued lines joined. */
const instructions = text
  .replace(/^#.*$/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .map((line) => line.trim().replace(/\s+/g, ' '))
  .filter((line) => line !== '');
const of = (verb: string): string[] =>
  instructions.filter((line) => line.startsWith(`${verb} `)).map((line) => line.slice(verb.length + 1));
const ignored = readFileSync(`${root}/.dockerignore`, 'utf8').split('\n');

describe('Dockerfile', () => {
  it('starts from the Node that the lock file names, pinned', () => {
    expect(of('ARG')[0]).toBe(`NODE_IMAGE=node:${packageJson.dependencies.node}-trixie-slim`);
    for (const from of of('FROM')) expect(from).toMatch(/^(\$\{NODE_IMAGE\}|manifest) AS \w+$/);
  });

  it('installs from the lock file only, and runs no script of a package', () => {
    const runs = of('RUN');
    expect(runs.filter((run) => /\b(curl|wget|apt-get|apk|npm i(nstall)?)\b/.test(run))).toEqual([]);
    const installs = runs.filter((run) => run.includes('npm ci'));
    expect(installs).toHaveLength(2);
    for (const install of installs) expect(install).toContain('--ignore-scripts');
    expect(of('ADD')).toEqual([]);
  });

  it('ends as nobody in particular, with the health check of the compose file', () => {
    const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));
    expect(last.filter((line) => line.startsWith('USER '))).toEqual(['USER 1000:1000']);
    const user = last.indexOf('USER 1000:1000');
    expect(last.slice(user).some((line) => /^(RUN|COPY) /.test(line))).toBe(false);
    const compose = readFileSync(`${root}/docker-compose.yml`, 'utf8');
    const check = /"(fetch\('http:\/\/127\.0\.0\.1:8080\/ready'\)[^"]*)"/;
    expect(check.exec(of('HEALTHCHECK')[0] ?? '')?.[1]).toBe(check.exec(compose)?.[1]);
    expect(of('ENTRYPOINT')).toEqual(['["plietsch"]']);
    expect(of('ENV').join()).not.toMatch(/pass|secret|token/i);
  });

  it('takes in every room that the hub imports from, and no test', () => {
    const allowed = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(ignored.find((line) => line !== '' && !line.startsWith('#'))).toBe('*');
    for (const path of allowed) expect([path, globSync(path, { cwd: root }).length > 0]).toEqual([path, true]);
    const isTaken = (file: string) =>
      allowed.some((entry) => file.startsWith(`${entry}/`) || (entry === '*.ts' && !file.includes('/')));
    const seen = new Set<string>();
    const missing = new Set<string>();
    const queue = [
      'main.ts',
      'deploy/prepare/prepare-volumes.ts',
      'deploy/prepare/prepare.ts',
      ...globSync('{cli,engine,simulator}/*.ts', { cwd: root }),
    ].filter((file) => !file.includes('.test.'));
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      if (!isTaken(file)) missing.add(file);
      if (!file.endsWith('.ts') || !existsSync(`${root}/${file}`)) continue;
      for (const [, target = ''] of readFileSync(`${root}/${file}`, 'utf8').matchAll(
        /^(?:import|export)[^'"]*?from '([^']+)'/gm,
      )) {
        if (target.startsWith('.')) queue.push(new URL(target, `file:///${file}`).pathname.slice(1));
        else if (!target.startsWith('node:') && !builtinModules.includes(target)) {
          const name = target
            .split('/')
            .slice(0, target.startsWith('@') ? 2 : 1)
            .join('/');
          // A file may hold the text of other programs.
          if (!(name in packageJson.dependencies) && existsSync(`${root}/node_modules/${name}`))
            missing.add(`${file}: ${name} is no dependency`);
        }
      }
    }
    expect(seen.size).toBeGreaterThan(200);
    expect([...missing].filter((file) => file !== 'package.json')).toEqual([]);
  });
});
