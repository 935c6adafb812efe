import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from './lint.ts';
import { foreignWords } from './lint-language.ts';
import type { DashboardJson } from './proof/grafana-json.ts';
import { type Language, languages } from './text.ts';

const folder = join(import.meta.dirname, 'generated');
/** `file` is waste.json or -api/api-waste.json: what follows the language. */
const read = (language: Language, file: string): DashboardJson =>
  JSON.parse(readFileSync(join(folder, `${language}${file}`), 'utf8')) as DashboardJson;
const filesOf = (language: Language): string[] =>
  globSync(`${language}{,-api}/*.json`, { cwd: folder })
    .map((path) => path.slice(language.length))
    .toSorted();
const otherThan = (language: Language): Language => (language === 'de' ? 'en' : 'de');

const files = filesOf('de');
const all = languages.flatMap((language) => files.map((file) => ({ language, file, dashboard: read(language, file) })));

describe('generated dashboards', () => {
  it('are many, in both languages, each with a uid of its own', () => {
    expect(files.length).toBeGreaterThan(8);
    expect(filesOf('en')).toEqual(files);
    const uids = all.map(({ dashboard }) => dashboard.uid);
    expect(new Set(uids).size).toBe(uids.length);
  });

  it.each(all)('$language$file keeps every rule', ({ dashboard }) => {
    const broken = Object.entries(rules).flatMap(([name, rule]) => rule(dashboard).map((fault) => `${name}: ${fault}`));
    expect(broken).toEqual([]);
  });

  it.each(all)('$language$file holds no words of the other language', ({ language, file, dashboard }) => {
    expect(foreignWords(dashboard, language, read(otherThan(language), file))).toEqual([]);
  });

  it('have the same ids, places and queries in both languages', () => {
    const skeleton = ({ panels = [] }: DashboardJson) =>
      panels.map(({ id, gridPos, type, targets = [] }) => ({
        id,
        gridPos,
        type,
        queries: targets.map(({ query }) => query),
      }));
    for (const file of files) expect(skeleton(read('de', file)), file).toEqual(skeleton(read('en', file)));
  });
});

/** Sets what stands at a path of a copy of the English waste dashboard. */
const spoilt = (path: string, value: unknown): DashboardJson => {
  const copy = read('en', '/waste.json');
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const place = keys.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], copy);
  if (value === undefined) delete (place as Record<string, unknown>)[last];
  else (place as Record<string, unknown>)[last] = value;
  return copy;
};

/** Panel 0 is the first tile, panel 7 the table below the first row. */
const planted: readonly (readonly [keyof typeof rules, string, string, unknown, RegExp])[] = [
  [
    'oneSource',
    'a panel asks a fixed source',
    'panels.0.datasource.uid',
    'plietsch-influxdb',
    /panel 1 .* not \$\{datasource\}/,
  ],
  [
    'oneSource',
    'a target asks the default',
    'panels.0.targets.0.datasource',
    undefined,
    /panel 1 .* A asks the default/,
  ],
  [
    'oneSource',
    'a variable asks a fixed source',
    'templating.list.2.datasource.uid',
    'x',
    /variable municipality asks x/,
  ],
  [
    'oneSource',
    'an annotation asks a fixed source',
    'annotations.list.0.datasource.uid',
    'x',
    /annotation "Emptyings" asks x/,
  ],
  ['oneSource', 'the source is no variable', 'templating.list', [], /0 variables for data sources/],
  ['described', 'a panel without description', 'panels.0.description', '', /panel 1 .* no description/],
  ['described', 'a panel without title', 'panels.0.title', ' ', /no title/],
  ['described', 'a variable without label', 'templating.list.2.label', undefined, /variable municipality has no label/],
  ['described', 'an unknown unit', 'panels.0.fieldConfig.defaults.unit', 'furlong', /has the unit furlong/],
  ['described', 'no unit at all', 'panels.0.fieldConfig.defaults.unit', undefined, /has the unit undefined/],
  [
    'described',
    'a column with an unknown unit',
    'panels.7.fieldConfig.overrides.2.properties.1.value',
    'Cel',
    /has the unit Cel/,
  ],
  [
    'described',
    'nothing to say without data',
    'panels.0.fieldConfig.defaults.noValue',
    undefined,
    /no text for no data/,
  ],
  ['bounded', 'no bound', 'panels.0.targets.0.query', 'SELECT last("value") FROM "fill_level"', /without a bound/],
  [
    'bounded',
    'a bound outside of the reading SELECT',
    'panels.0.targets.0.query',
    'SELECT count("v") FROM (SELECT last("value") AS "v" FROM "fill_level" GROUP BY "thing") WHERE $timeFilter',
    /without a bound/,
  ],
  [
    'bounded',
    'observations of the API since ever',
    'panels.0.targets.0.query',
    '/api/v1/datastreams/a/observations',
    /without a bound/,
  ],
  ['identified', 'a panel id twice', 'panels.1.id', 1, /id 1 is used twice/],
  ['identified', 'a panel without id', 'panels.1.id', undefined, /has no id/],
  ['identified', 'a uid that Grafana drew', 'uid', 'cdyx2k', /the uid is cdyx2k/],
  ['identified', 'a database id', 'id', 12, /numeric id/],
  ['identified', 'a letter twice', 'panels.7.targets.1.refId', 'A', /uses a letter twice/],
  ['laidOut', 'panels over each other', 'panels.1.gridPos.x', 0, /panel 1 .* covers panel 2/],
  ['laidOut', 'a panel beyond the edge', 'panels.1.gridPos.w', 22, /does not stand on the grid/],
  ['atHome', 'a link abroad', 'links.1.url', 'https://example.org/', /links.1.url points to https:\/\/example.org/],
  [
    'atHome',
    'tiles from abroad',
    'panels.0.description',
    'see //tiles.example.org/1',
    /points to \/\/tiles.example.org/,
  ],
  ['readable', 'an old schema', 'schemaVersion', 16, /schemaVersion is 16/],
  ['readable', 'a wall that stands still', 'refresh', '', /does not refresh/],
  ['readable', 'a fixed span', 'time', { from: '2026-01-01', to: '2026-02-01' }, /does not begin at the present/],
  ['readable', 'a foreign panel', 'panels.0.type', 'grafana-worldmap-panel', /of the kind grafana-worldmap-panel/],
];

describe('the rules', () => {
  it('each see a planted fault', () => {
    expect(new Set(planted.map(([name]) => name))).toEqual(new Set(Object.keys(rules)));
  });

  it.each(planted)('%s: %s', (name, _, path, value, fault) => {
    expect(rules[name](spoilt(path, value)).join('\n')).toMatch(fault);
  });

  it.each([
    ['panels.0.title', 'Behalten und mehr', /holds "und"/],
    ['panels.0.fieldConfig.defaults.noValue', 'keine Daten', /holds "keine"/],
    ['annotations.list.0.name', 'Leerungen', /the same in both languages/],
    ['panels.0.title', 'Behälter ab 90 %', /holds "ä"/],
  ])('languages: %s = %s', (path, text, fault) => {
    expect(foreignWords(spoilt(path, text), 'en', read('de', '/waste.json')).join('\n')).toMatch(fault);
  });

  it('languages: English on a German dashboard', () => {
    expect(
      foreignWords(spoilt('panels.0.title', 'Containers of today'), 'de', read('de', '/waste.json')).join('\n'),
    ).toMatch(/holds "of"/);
  });
});
