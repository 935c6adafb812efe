import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { DashboardJson } from './proof/grafana-json.ts';
import { panelsOf } from './proof/grafana-json.ts';
import { languages } from './text.ts';

const read = (path: string): unknown => parse(readFileSync(join(import.meta.dirname, path), 'utf8'));

/** What Grafana's file provisioning of alert rules wants. */
const alertingSchema = z.strictObject({
  apiVersion: z.literal(1),
  groups: z
    .array(
      z.strictObject({
        orgId: z.literal(1),
        name: z.string(),
        folder: z.string(),
        interval: z.string().regex(/^\d+m$/),
        rules: z.array(
          z.strictObject({
            uid: z.string().regex(/^[a-z-]{1,40}$/),
            title: z.string(),
            condition: z.literal('C'),
            data: z.array(
              z.strictObject({
                refId: z.string(),
                datasourceUid: z.enum(['plietsch-influxdb', '__expr__']),
                relativeTimeRange: z.strictObject({ from: z.number(), to: z.literal(0) }),
                model: z.looseObject({ refId: z.string() }),
              }),
            ),
            noDataState: z.enum(['OK', 'Alerting', 'NoData']),
            execErrState: z.enum(['OK', 'Alerting', 'Error']),
            for: z.string().regex(/^\d+[smh]$/),
            annotations: z.strictObject({
              summary: z.string(),
              __dashboardUid__: z.string(),
              __panelId__: z.string().regex(/^\d+$/),
            }),
            labels: z.record(z.string(), z.string()),
          }),
        ),
      }),
    )
    .length(1),
});

describe.each(languages)('alert rules in %s', (language) => {
  const rules = alertingSchema.parse(read(`provisioning/alerting/${language}/rules.yaml`)).groups[0]?.rules ?? [];

  it('are as Grafana reads them, each with a uid of its own', () => {
    expect(rules.length).toBeGreaterThan(5);
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length);
  });

  it('lead from query to reduction to threshold', () => {
    for (const { data } of rules) {
      expect(data.map(({ refId, model }) => [refId, model.type ?? 'query', model.expression])).toEqual([
        ['A', 'query', undefined],
        ['B', 'reduce', 'A'],
        ['C', 'threshold', 'B'],
      ]);
    }
  });

  it('point to a panel that is there', () => {
    for (const { annotations, uid } of rules) {
      const name = annotations.__dashboardUid__.replace(/^plietsch-/, '').replace(/-(de|en)$/, '');
      const dashboard = read(`generated/${language}/${name}.json`) as DashboardJson;
      const ids = panelsOf(dashboard).map(({ id }) => String(id));
      expect(dashboard.uid, uid).toBe(annotations.__dashboardUid__);
      expect(ids, uid).toContain(annotations.__panelId__);
    }
  });
});

it('provisions dashboards from a folder, under a name that stays', () => {
  expect(read('provisioning/dashboards/plietsch.yaml')).toMatchObject({
    apiVersion: 1,
    providers: [{ folderUid: 'plietsch', type: 'file', options: { path: '/etc/grafana/dashboards' } }],
  });
});
