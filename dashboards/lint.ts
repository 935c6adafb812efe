import * as grafana from '@grafana/grafana-foundation-sdk/units';
import { type DashboardJson, type PanelJson, panelsOf, type SourceRef, type TargetJson } from './proof/grafana-json.ts';
import { readsOf } from './proof/reads.ts';

/** A rule looks at one dashboard and answers what is wrong, each fault in one sentence. */
export type Rule = (dashboard: DashboardJson) => string[];

const nameOf = ({ id, title }: PanelJson): string => `panel ${id} "${title}"`;

/** Every query of a dashboard with where it stands. */
const queriesOf = (dashboard: DashboardJson): { where: string; text: string; source: SourceRef | undefined }[] => [
  ...panelsOf(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({
      where: `${nameOf(panel)} ${target.refId}`,
      text: textOf(target),
      source: target.datasource,
    })),
  ),
  ...(dashboard.annotations?.list ?? []).map(({ name, datasource, target }) => ({
    where: `annotation "${name}"`,
    text: textOf(target),
    source: datasource,
  })),
  ...(dashboard.templating?.list ?? [])
    .filter(({ type }) => type === 'query')
    .map(({ name, datasource, query }) => ({
      where: `variable ${name}`,
      text: typeof query === 'string' ? query : (query?.query ?? textOf(query?.infinityQuery)),
      source: datasource,
    })),
];

const textOf = (target: TargetJson | undefined): string => target?.query ?? target?.url ?? '';

/** The data source is a variable, and everything asks it. */
const oneSource: Rule = (dashboard) => {
  const variables = (dashboard.templating?.list ?? []).filter(({ type }) => type === 'datasource');
  const faults = variables.length === 1 ? [] : [`has ${variables.length} variables for data sources, not one`];
  const wanted = `\${${variables[0]?.name ?? 'datasource'}}`;
  const wrong = (where: string, source: SourceRef | undefined) =>
    source?.uid === wanted ? [] : [`${where} asks ${source?.uid ?? 'the default'} and not ${wanted}`];
  return [
    ...faults,
    ...panelsOf(dashboard).flatMap((panel) => wrong(nameOf(panel), panel.datasource)),
    ...queriesOf(dashboard).flatMap(({ where, source }) => wrong(where, source)),
  ];
};

const known = new Set<string>(Object.values(grafana).filter((unit) => typeof unit === 'string'));
const isUnit = (unit: unknown): boolean => typeof unit === 'string' && (known.has(unit) || /^suffix: ?\S/.test(unit));

/** Title, description and a unit that Grafana knows, everywhere. */
const described: Rule = (dashboard) => {
  const lacks = (where: string, part: string, text: string | undefined) =>
    text === undefined || text.trim() === '' ? [`${where} has no ${part}`] : [];
  return [
    ...lacks('the dashboard', 'title', dashboard.title),
    ...lacks('the dashboard', 'description', dashboard.description),
    ...(dashboard.templating?.list ?? []).flatMap(({ name, label, description }) => [
      ...lacks(`variable ${name}`, 'label', label),
      ...lacks(`variable ${name}`, 'description', description),
    ]),
    ...panelsOf(dashboard).flatMap((panel) => [
      ...lacks(nameOf(panel), 'title', panel.title),
      ...lacks(nameOf(panel), 'description', panel.description),
      ...lacks(nameOf(panel), 'text for no data', panel.fieldConfig?.defaults.noValue),
      ...unitsOf(panel).flatMap((unit) => (isUnit(unit) ? [] : [`${nameOf(panel)} has the unit ${String(unit)}`])),
    ]),
  ];
};

const unitsOf = ({ fieldConfig }: PanelJson): unknown[] => [
  fieldConfig?.defaults.unit,
  ...(fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
    properties.filter(({ id }) => id === 'unit').map(({ value }) => value),
  ),
];

/** No query reads more than a span: each SELECT from a measurement has its bound, each API query says from when. */
const bounded: Rule = (dashboard) =>
  queriesOf(dashboard).flatMap(({ where, text }) => {
    if (!/\bSELECT\b/i.test(text)) return unboundedApi(where, text);
    const reads = text.match(/\bFROM\s+(?!\()/g)?.length ?? 0;
    const bounds = readsOf(text).filter((part) => /\$timeFilter|\btime\s*>=?\s*now\(\)/.test(part)).length;
    return bounds < reads ? [`${where} reads without a bound in time`] : [];
  });

/** Lists are bounded by pages; observations need their span. */
const unboundedApi = (where: string, url: string): string[] =>
  url.includes('/observations') && !url.includes(`\${__from`) ? [`${where} reads without a bound in time`] : [];

/** Ids and uids are there, stable and unique. */
const identified: Rule = (dashboard) => {
  const { uid, id, panels = [] } = dashboard;
  const ids = panels.flatMap((panel) => [panel.id, ...(panel.panels ?? []).map((inner) => inner.id)]);
  return [
    ...(uid !== undefined && /^plietsch-[a-z-]+-(de|en)$/.test(uid) ? [] : [`the uid is ${uid}`]),
    ...(id === undefined || id === null ? [] : ['a numeric id belongs to one Grafana only']),
    ...ids.flatMap((each, i) => {
      if (each === undefined) return ['a panel has no id'];
      return ids.indexOf(each) === i ? [] : [`the panel id ${each} is used twice`];
    }),
    ...panelsOf(dashboard).flatMap((panel) => {
      const letters = (panel.targets ?? []).map(({ refId }) => refId);
      return new Set(letters).size === letters.length ? [] : [`${nameOf(panel)} uses a letter twice`];
    }),
  ];
};

/** Panels stand on the grid of 24 columns without covering each other. */
const laidOut: Rule = ({ panels = [] }) => {
  const groups = [panels, ...panels.map((panel) => panel.panels ?? [])];
  return groups.flatMap((group) =>
    group.flatMap((panel, i) => {
      const pos = panel.gridPos;
      if (!pos || pos.w < 1 || pos.h < 1 || pos.x < 0 || pos.y < 0 || pos.x + pos.w > 24)
        return [`${nameOf(panel)} does not stand on the grid`];
      return group
        .slice(i + 1)
        .filter(({ gridPos: other }) => {
          if (!other) return false;
          const beside = other.x >= pos.x + pos.w || pos.x >= other.x + other.w;
          return !(beside || other.y >= pos.y + pos.h || pos.y >= other.y + other.h);
        })
        .map((other) => `${nameOf(panel)} covers ${nameOf(other)}`);
    }),
  );
};

const HERE = /^http:\/\/localhost[:/]/;

/** Nothing points to another host: a wall display sends nobody's data abroad. */
const atHome: Rule = (dashboard) =>
  stringsIn(dashboard).flatMap(({ path, text }) =>
    (text.match(/\b(?:https?|wss?):\/\/[^\s"']+|(?<![:\w])\/\/[\w.-]+\.\w+/g) ?? [])
      .filter((url) => !HERE.test(url))
      .map((url) => `${path} points to ${url}`),
  );

/** A dashboard is opened by people who did not build it: no plug-in that Grafana lacks, a version that it reads. */
const readable: Rule = (dashboard) => [
  ...((dashboard.schemaVersion ?? 0) >= 39 ? [] : [`schemaVersion is ${dashboard.schemaVersion}`]),
  ...(dashboard.time?.from.startsWith('now-') && dashboard.time.to === 'now' ? [] : ['does not begin at the present']),
  ...(dashboard.refresh ? [] : ['does not refresh itself, so that a wall shows the past']),
  ...panelsOf(dashboard).flatMap((panel) =>
    ['stat', 'timeseries', 'table', 'state-timeline'].includes(panel.type)
      ? []
      : [`${nameOf(panel)} is of the kind ${panel.type}`],
  ),
];

export const rules = { oneSource, described, bounded, identified, laidOut, atHome, readable } as const;

interface Found {
  readonly path: string;
  readonly text: string;
}

const stringsIn = (value: unknown, path = ''): Found[] => {
  if (typeof value === 'string') return [{ path, text: value }];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => stringsIn(inner, path === '' ? key : `${path}.${key}`));
};
