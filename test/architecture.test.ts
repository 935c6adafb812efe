import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Rooms, and the rooms that each may import from. `*` is everything; root files and cli, engine compose the others. */
const mayImport: Record<string, readonly string[]> = {
  model: [],
  devices: ['model'],
  store: ['model'],
  ingest: ['model', 'devices', 'store'],
  derive: ['model', 'store'],
  usecases: ['model', 'store'],
  api: ['model', 'devices', 'store', 'usecases'],
  dashboards: ['model'],
  console: [],
  simulator: ['model', 'devices'],
};
const composing = new Set(['(root)', 'cli', 'engine', 'test', 'bench', 'scripts']);
/** Rooms that stand on top, and who may reach up to them all the same. */
const onTop: Record<string, readonly string[]> = {
  cli: ['(root)', 'test', 'bench', 'scripts'],
  test: ['bench', 'scripts'],
  bench: ['test', 'scripts'],
  scripts: ['test', 'bench'],
};

/** Packages that only some places may know. */
const packageHomes: Record<string, readonly string[]> = {
  mqtt: ['ingest/transports/', 'simulator/', 'test/', 'bench/'],
  'mqtt-packet': ['test/', 'bench/', 'ingest/transports/'],
  aedes: ['ingest/transports/', 'test/'],
  'node:sqlite': ['store/embedded/', 'engine/data-lock.ts', 'test/', 'bench/'],
  '@influxdata/influxdb-client': ['store/influxdb/', 'test/'],
  fastify: ['api/', 'ingest/transports/', 'hub.ts', 'engine/', 'test/'],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

const isTest = (file: string): boolean => /\.(test|contract)\.tsx?$/.test(file) || /(^|\/)testing\.ts$/.test(file);

const files = globSync('**/*.{ts,tsx}', {
  cwd: root,
  exclude: (name) => ['node_modules', 'dist', 'data'].includes(name),
});

const importsOf = (file: string): Import[] => {
  const text = readFileSync(join(root, file), 'utf8');
  const pattern = /^\s*(?:import|export)\s+(?:[^'"();]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm;
  return [...text.matchAll(pattern)].map((match) => ({ file, target: match[1] ?? match[2] ?? '' }));
};

const roomOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] as string) : '(root)');

const imports = files.flatMap(importsOf);
const internal = imports
  .filter(({ target }) => target.startsWith('.'))
  .map((entry) => ({ ...entry, target: relative(root, resolve(root, dirname(entry.file), entry.target)) }));

describe('architecture', () => {
  it('finds the code it checks', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(internal.length).toBeGreaterThan(150);
  });

  it('lets rooms import only what they may', () => {
    const wrong = internal.filter(({ file, target }) => {
      const from = roomOf(file);
      const to = roomOf(target);
      if (from === to || isTest(file) || composing.has(from) || target === 'package.json') return false;
      return !(mayImport[from] ?? []).includes(to);
    });
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it('lets nobody import what stands on top', () => {
    const wrong = internal.filter(({ file, target }) => {
      const [from, to] = [roomOf(file), roomOf(target)];
      return onTop[to] && from !== to && !onTop[to].includes(from) && !isTest(file);
    });
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it('lets store drivers be known to the composition only', () => {
    const wrong = internal.filter(
      ({ file, target }) =>
        /^store\/(embedded|influxdb)\//.test(target) &&
        !file.startsWith('store/') &&
        !composing.has(roomOf(file)) &&
        !isTest(file),
    );
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it('gives routes no store: they are handed RouteDeps and read through request.reader', () => {
    const routes = files.filter((file) => file.startsWith('api/routes/'));
    expect(routes.length).toBeGreaterThan(10);
    expect(routes.filter((file) => readFileSync(join(root, file), 'utf8').includes('ApiDeps'))).toEqual([]);
    expect(readFileSync(join(root, 'api/deps.ts'), 'utf8')).not.toMatch(
      /type RouteDeps = Pick<[^>]*'(registry|observations|journal|accounts|live)'/,
    );
  });

  it('lets codecs know readers and the codec types only', () => {
    const wrong = internal.filter(
      ({ file, target }) =>
        /^devices\/[^/]+\/[^/]+\/codec\.ts$/.test(file) &&
        !/^devices\/(formats\/|codec\.ts$)/.test(target) &&
        !target.startsWith(`${dirname(file)}/`) &&
        target !== 'model/errors.ts',
    );
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it('keeps packages at home', () => {
    const wrong = imports.filter(({ file, target }) => {
      if (isTest(file)) return false;
      // mqtt and mqtt/build/… are one package, mqtt-packet is another.
      const homes = Object.entries(packageHomes).find(
        ([name]) => target === name || target.startsWith(`${name}/`),
      )?.[1];
      return homes && !homes.some((home) => file.startsWith(home));
    });
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it('reads the environment in config.ts only', () => {
    const readers = files.filter(
      (file) =>
        !/^(config\.ts|test\/|bench\/|scripts\/|vitest)/.test(file) &&
        !isTest(file) &&
        readFileSync(join(root, file), 'utf8').includes('process.env'),
    );
    expect(readers).toEqual([]);
  });

  it('has no cycles', () => {
    const graph = new Map<string, string[]>();
    for (const { file, target } of internal) if (!isTest(file)) graph.set(file, [...(graph.get(file) ?? []), target]);
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
        return;
      }
      state.set(file, 'open');
      for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of graph.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('has no folder without a meaning of its own', () => {
    const vague = files.filter(
      (file) => /(^|\/)(utils?|helpers?|services|common|lib)\//.test(file) && !file.startsWith('test/services/'),
    );
    expect(vague).toEqual([]);
  });
});
