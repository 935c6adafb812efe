import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callHub, type HubProcess } from '../test/support/hub-process.ts';
import { dashboards } from './catalogue.ts';
import type { DashboardJson } from './proof/grafana-json.ts';
import type { Finding } from './proof/prove.ts';
import { proveApiDashboard } from './proof/prove-api.ts';
import { committed, startDemoHub } from './proof/testing.ts';

const names = Object.entries(dashboards).flatMap(([name, spec]) => (spec.source === 'api' ? [name] : []));
const faultsIn = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ where, faults, query }) => faults.map((fault) => `${where} ${fault}: ${query}`));

describe('every panel over the API of a hub without InfluxDB', () => {
  let hub: HubProcess;
  const get = async (path: string): Promise<unknown> => {
    const response = await callHub(hub.run, path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };

  beforeAll(async () => {
    hub = await startDemoHub();
  }, 900_000);
  afterAll(() => hub?.kill('SIGTERM'));

  it.each(names)('%s: every query answers, plausibly and fast', { timeout: 120_000 }, async (name) => {
    const findings = await proveApiDashboard(committed<DashboardJson>('en-api', name), get, Date.now());
    expect(findings.length).toBeGreaterThan(6);
    expect(faultsIn(findings)).toEqual([]);
  });

  it('sees a column that the API does not answer', async () => {
    const text = JSON.stringify(committed<DashboardJson>('en-api', 'api-waste')).replaceAll(
      '"thing.name"',
      '"thing.nam"',
    );
    const findings = await proveApiDashboard(JSON.parse(text) as DashboardJson, get, Date.now());
    expect(faultsIn(findings).join('\n')).toMatch(/no row has "name"/);
  });

  it('sees a path that the API does not have', async () => {
    const text = JSON.stringify(committed<DashboardJson>('en-api', 'api-waste')).replaceAll(
      '/api/v1/latest',
      '/api/v1/newest',
    );
    await expect(proveApiDashboard(JSON.parse(text) as DashboardJson, get, Date.now())).rejects.toThrow('404');
  });
});
