import { observedProperties } from '../../model/observed-properties.ts';
import { unitOf } from '../units.ts';
import { columnFaults } from './columns.ts';
import { type DashboardJson, panelsOf, type TargetJson } from './grafana-json.ts';
import { durationMs, interpolate, type Scope } from './interpolate.ts';
import { FAST_MS, type Finding, mayBeEmpty, spanOf } from './prove.ts';

/** Asks the hub for a path and answers JSON, as the Infinity data source would with its base URL and token. */
export type Fetch = (path: string) => Promise<unknown>;

type Row = Readonly<Record<string, unknown>>;

/** A value by a dotted path. */
const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => (inner as Row | null | undefined)?.[key], value);

const fits = (value: unknown, type: string): boolean => {
  if (value === undefined || value === null) return true;
  if (type === 'number') return typeof value === 'number';
  if (type === 'timestamp') return typeof value === 'string' && !Number.isNaN(Date.parse(value));
  return typeof value === 'string';
};

/** Runs a query with Infinity's backend parser: rows by the root selector, cells by the columns' selectors. */
const run = async (ask: Fetch, target: TargetJson, scope: Scope) => {
  const path = interpolate(target.url ?? '', scope);
  const begin = performance.now();
  const body = await ask(path);
  const ms = performance.now() - begin;
  const found = at(body, target.root_selector ?? '');
  const columns = target.columns ?? [];
  const faults = Array.isArray(found) ? [] : [`there are no rows at ${target.root_selector}`];
  const rows = (Array.isArray(found) ? found : []).map(
    (row): Row => Object.fromEntries(columns.map(({ selector, text }) => [text, at(row, selector)])),
  );
  for (const { text, type } of columns) {
    if (rows.length > 0 && rows.every((row) => row[text] === undefined)) faults.push(`no row has "${text}"`);
    const odd = rows.find((row) => !fits(row[text], type));
    if (odd) faults.push(`"${text}" is ${JSON.stringify(odd[text])} and no ${type}`);
  }
  return { path, rows, ms, faults };
};

/** Values of a property that no sensor could have sent. */
const implausible = (rows: readonly Row[], unit: string | undefined): string[] => {
  const odd = rows.find(({ property, value }) => {
    const known = observedProperties.get(String(property));
    if (!known || typeof value !== 'number') return false;
    const [least, most] = known.quality.gross;
    return value < least || value > most;
  });
  const other = rows.find(({ property }) => {
    const known = observedProperties.has(String(property));
    return known && unit !== undefined && unit !== 'none' && unitOf(String(property)) !== unit;
  });
  return [
    ...(odd ? [`${String(odd.property)} = ${String(odd.value)}`] : []),
    ...(other ? [`${String(other.property)} is shown in ${unit}`] : []),
  ];
};

/** Runs every query of a dashboard over the hub's API. */
export const proveApiDashboard = async (dashboard: DashboardJson, ask: Fetch, now: number): Promise<Finding[]> => {
  const findings: Finding[] = [];
  const variables = new Map<string, readonly string[]>();
  const scopeOf = (span: number): Scope => ({ from: now - span, to: now, intervalMs: 60_000, variables });
  for (const { name, query } of dashboard.templating?.list ?? []) {
    const target = typeof query === 'object' ? query.infinityQuery : undefined;
    if (!target) continue;
    const { path, rows, ms, faults } = await run(ask, target, scopeOf(spanOf(dashboard)));
    const options = rows.map((row) => String(Object.values(row)[0])).toSorted();
    variables.set(name, options.slice(0, 1));
    if (options.length === 0) faults.push('offers nothing');
    findings.push({ where: `variable ${name}`, query: path, ms, rows: rows.length, faults });
  }
  for (const panel of panelsOf(dashboard)) {
    const span = panel.timeFrom === undefined ? spanOf(dashboard) : durationMs(panel.timeFrom);
    for (const target of panel.targets ?? []) {
      const { path, rows, ms, faults } = await run(ask, target, scopeOf(span));
      if (rows.length === 0 && !mayBeEmpty(panel)) faults.push('answers nothing');
      if (ms > FAST_MS) faults.push(`takes ${Math.round(ms)} ms`);
      const unit = panel.type === 'stat' ? panel.fieldConfig?.defaults.unit : undefined;
      faults.push(...implausible(rows, unit));
      const names = (target.columns ?? []).map(({ text }) => text);
      faults.push(...columnFaults(panel, new Map([[target.refId, names]])));
      findings.push({
        where: `panel ${panel.id} "${panel.title}" ${target.refId}`,
        query: path,
        ms,
        rows: rows.length,
        faults,
      });
    }
  }
  return findings;
};
