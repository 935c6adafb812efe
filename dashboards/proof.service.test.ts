import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { dashboards } from './catalogue.ts';
import type { DashboardJson, TargetJson } from './proof/grafana-json.ts';
import { ask } from './proof/influxql-client.ts';
import { interpolate } from './proof/interpolate.ts';
import { hasValue } from './proof/plausible.ts';
import { type Finding, proveDashboard } from './proof/prove.ts';
import { committed, type Proof, startProof } from './proof/testing.ts';

const source = inject('influxd');
const skipped = source.kind === 'none' ? ` (SKIPPED: ${source.reason})` : '';
const names = Object.entries(dashboards).flatMap(([name, spec]) => (spec.source === 'influxdb' ? [name] : []));

interface RuleJson {
  readonly uid: string;
  readonly annotations: { readonly summary: string };
  readonly data: readonly { readonly model: TargetJson; readonly relativeTimeRange: { readonly from: number } }[];
}
const alertRules = (): readonly RuleJson[] => {
  const file = join(import.meta.dirname, 'provisioning/alerting/de/rules.yaml');
  const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { rules: RuleJson[] }[] };
  return groups.flatMap(({ rules }) => rules);
};
const never = (): never => {
  throw new Error('the rule has no query');
};

const faultsIn = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ where, faults, query }) => faults.map((fault) => `${where} ${fault}: ${query.slice(0, 300)}`));

describe.skipIf(source.kind === 'none')(`every panel on a real InfluxDB${skipped}`, () => {
  let proof: Proof;
  const all: (Finding & { dashboard: string })[] = [];

  beforeAll(async () => {
    proof = await startProof(source);
  }, 900_000);
  afterAll(async () => {
    await proof?.stop();
    const slowest = all.toSorted((a, b) => b.ms - a.ms).slice(0, 10);
    console.log(`${all.length} queries; the slowest:`);
    console.table(slowest.map(({ dashboard, where, ms, rows }) => ({ dashboard, where, ms: Math.round(ms), rows })));
  });

  it.each(names)('%s: every query answers, plausibly and fast', { timeout: 120_000 }, async (name) => {
    const dashboard = committed<DashboardJson>('de', name);
    const findings = await proveDashboard(dashboard, proof.influx, { now: Date.now() });
    all.push(...findings.map((finding) => ({ ...finding, dashboard: name })));
    expect(findings.length).toBeGreaterThan(10);
    expect(faultsIn(findings)).toEqual([]);
  });

  it('lets a municipality narrow what sites and things are offered', async () => {
    const dashboard = committed<DashboardJson>('de', 'waste');
    const choose = new Map([['municipality', ['laboe']]]);
    const findings = await proveDashboard(dashboard, proof.influx, { now: Date.now(), choose });
    const rowsOf = (variable: string) => findings.find(({ where }) => where === `variable ${variable}`)?.rows;
    expect(rowsOf('municipality')).toBeGreaterThan(5);
    expect(rowsOf('site')).toBe(5);
    expect(rowsOf('thing')).toBe(20);
    expect(findings.filter(({ query }) => query.includes('heikendorf'))).toEqual([]);
    expect(faultsIn(findings)).toEqual([]);
  });

  it('reads with the token that Grafana gets, which cannot write', async () => {
    const { url, token } = proof.influx;
    const response = await fetch(new URL('/api/v2/write?org=test&bucket=plietsch', url), {
      method: 'POST',
      headers: { authorization: `Token ${token}` },
      body: 'fill_level value=1',
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(
      (await ask(proof.influx, 'SELECT count("value") FROM "fill_level" WHERE time > now() - 14d')).series,
    ).toHaveLength(1);
  });

  it.each(alertRules())('alert $uid: its query answers, with the labels that its summary names', async (rule) => {
    const [{ model, relativeTimeRange } = never()] = rule.data;
    const now = Date.now();
    const scope = { from: now - relativeTimeRange.from * 1_000, to: now, intervalMs: 300_000, variables: new Map() };
    const { series, ms } = await ask(proof.influx, interpolate(model.query ?? '', scope));
    expect(hasValue(series)).toBe(true);
    expect(ms).toBeLessThan(1_000);
    const labels = [...rule.annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, name]) => name);
    expect(labels.length).toBeGreaterThan(0);
    for (const { tags = {} } of series) expect(Object.keys(tags)).toEqual(labels);
    // Grafana cannot tell two series of the same labels apart.
    const keys = series.map(({ tags }) => JSON.stringify(tags));
    expect(new Set(keys).size).toBe(keys.length);
  });

  /** The waste dashboard with another query or unit in its tile of the mean fill level. */
  const spoilt = async (change: (panel: Record<string, never>) => void): Promise<string> => {
    const dashboard = committed<DashboardJson>('de', 'waste');
    const panels = (dashboard.panels ?? []).filter(({ id }) => id === 3 || id === 10);
    for (const panel of panels) change(panel as unknown as Record<string, never>);
    const findings = await proveDashboard({ ...dashboard, panels, annotations: {} }, proof.influx, { now: Date.now() });
    return faultsIn(findings).join('\n');
  };
  const inQueries = (from: string, to: string) =>
    spoilt((panel) => {
      for (const target of panel.targets as unknown as { query: string }[])
        target.query = target.query.replace(from, to);
    });

  it('sees a field that is not there', async () => {
    expect(await inQueries('last("value")', 'last("valeu")')).toMatch(/panel 3 .* answers nothing/);
  });

  it('sees values that the property cannot have', async () => {
    expect(await inQueries('mean("value")', 'mean("value") * 1000')).toMatch(/panel 3 .* is not within -5 to 110/);
  });

  it('sees a column that the query does not answer', async () => {
    expect(await inQueries('AS "fill"', 'AS "level"')).toMatch(/panel 10 .* dresses the column "fill"/);
  });

  it('sees a query that InfluxDB refuses', async () => {
    await expect(inQueries('GROUP BY', 'GROUP')).rejects.toThrow(/failed to parse query/);
  });
});
