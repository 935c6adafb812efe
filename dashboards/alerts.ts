import { stringify } from 'yaml';
import { DEVICES } from './device-panels.ts';
import { uidOf } from './panels/panel.ts';
import { type Language, said, type Text } from './text.ts';
import { BATTERY_LOW, surgeLimits } from './thresholds.ts';
import { propertyOf } from './units.ts';
import { sources } from './variables.ts';

/** One alert rule: a query, what of each series counts, and when that is wrong. */
interface Alert {
  readonly uid: string;
  readonly title: Text;
  readonly summary: Text;
  /** InfluxQL; a series per thing makes an alert per thing. */
  readonly query: string;
  /** Seconds that the query looks back. */
  readonly secondsBack: number;
  readonly reduce: 'last' | 'min' | 'max' | 'sum';
  readonly when: readonly [evaluator: 'gt' | 'gte' | 'lt', limit: number];
  readonly for: string;
  readonly severity: 'critical' | 'warning';
  /** What silence of the query means: nothing wrong, or that something is broken. */
  readonly noData: 'OK' | 'Alerting';
  readonly dashboard: string;
  readonly panel: number;
}

const HOUR_S = 3_600;
const newest = (property: string, width: string, where = ''): string =>
  `SELECT mean("value") FROM "${propertyOf(property).id}" WHERE ${where}$timeFilter GROUP BY time(${width}), "thing" fill(none)`;

const alerts: readonly Alert[] = [
  {
    uid: 'plietsch-container-full',
    title: ['Behälter über 90 %', 'Container above 90 %'],
    summary: [
      '{{ $labels.thing }} ist seit zwei Stunden voller als 90 %.',
      '{{ $labels.thing }} has been fuller than 90 % for two hours.',
    ],
    query: newest('fill_level', '1h'),
    secondsBack: 6 * HOUR_S,
    reduce: 'last',
    when: ['gt', 90],
    for: '2h',
    severity: 'warning',
    noData: 'OK',
    dashboard: 'plietsch-waste',
    panel: 10,
  },
  {
    uid: 'plietsch-storm-surge',
    title: ['Sturmflut', 'Storm surge'],
    summary: [
      '{{ $labels.thing }}: Wasserstand 1,00 m über dem Mittel oder höher.',
      '{{ $labels.thing }}: water level 1.00 m above the mean or higher.',
    ],
    query: newest('water_level', '10m'),
    secondsBack: HOUR_S,
    reduce: 'last',
    when: ['gte', surgeLimits[0]],
    for: '10m',
    severity: 'critical',
    noData: 'OK',
    dashboard: 'plietsch-coast',
    panel: 11,
  },
  {
    uid: 'plietsch-device-silent',
    title: ['Gerät still', 'Device silent'],
    summary: [
      '{{ $labels.thing }} hat sich seit mehr als einem Tag nicht gemeldet.',
      '{{ $labels.thing }} was not heard of for more than a day.',
    ],
    // Half days without a report count as 0; the mean of the last three is 0 only if nothing came in more than a day.
    query: `SELECT moving_average("reports", 3) FROM (SELECT count("origin") AS "reports" FROM "battery_level" WHERE ${DEVICES} AND $timeFilter GROUP BY time(12h), "thing" fill(0)) WHERE $timeFilter GROUP BY "thing"`,
    secondsBack: 7 * 24 * HOUR_S,
    reduce: 'last',
    when: ['lt', 0.1],
    for: '1h',
    severity: 'warning',
    noData: 'OK',
    dashboard: 'plietsch-network',
    panel: 11,
  },
  {
    uid: 'plietsch-battery-low',
    title: ['Batterie fast leer', 'Battery almost empty'],
    summary: [
      'Die Batterie von {{ $labels.thing }} hat weniger als 10 %.',
      'The battery of {{ $labels.thing }} is below 10 %.',
    ],
    query: newest('battery_level', '1d', `${DEVICES} AND `),
    secondsBack: 3 * 24 * HOUR_S,
    reduce: 'last',
    when: ['lt', BATTERY_LOW],
    for: '6h',
    severity: 'warning',
    noData: 'OK',
    dashboard: 'plietsch-network',
    panel: 12,
  },
  {
    uid: 'plietsch-hub-not-ready',
    title: ['Hub nicht bereit', 'Hub not ready'],
    summary: [
      'Teil {{ $labels.part }} des Hubs ist nicht bereit, oder der Hub schreibt nichts mehr.',
      'Part {{ $labels.part }} of the hub is not ready, or the hub writes nothing any more.',
    ],
    query:
      'SELECT min("value") FROM "hub"."plietsch_part_ready" WHERE $timeFilter GROUP BY time(1m), "part" fill(none)',
    secondsBack: 600,
    reduce: 'last',
    when: ['lt', 1],
    for: '5m',
    severity: 'critical',
    noData: 'Alerting',
    dashboard: 'plietsch-hub',
    panel: 11,
  },
  {
    uid: 'plietsch-dead-letters',
    title: ['Unzustellbare Nachrichten werden mehr', 'Dead letters are growing'],
    summary: [
      'In der letzten Stunde kamen unzustellbare Nachrichten hinzu ({{ $labels.code }}).',
      'Within the last hour dead letters were added ({{ $labels.code }}).',
    ],
    query:
      'SELECT non_negative_difference(last("value")) FROM "hub"."plietsch_dead_letters_total" WHERE $timeFilter GROUP BY time(5m), "code" fill(none)',
    secondsBack: 6 * HOUR_S,
    reduce: 'sum',
    when: ['gt', 0],
    for: '0s',
    severity: 'warning',
    noData: 'OK',
    dashboard: 'plietsch-network',
    panel: 23,
  },
];

const FIVE_MINUTES_MS = 300_000;
const EXPRESSION = { datasourceUid: '__expr__', relativeTimeRange: { from: 0, to: 0 } };
const expression = { type: '__expr__', uid: '__expr__' };

const ruleOf = (alert: Alert, language: Language) => {
  const [type, limit] = alert.when;
  const { uid } = sources.influxdb;
  return {
    uid: alert.uid,
    title: said(alert.title, language),
    condition: 'C',
    data: [
      {
        refId: 'A',
        datasourceUid: uid,
        relativeTimeRange: { from: alert.secondsBack, to: 0 },
        model: {
          refId: 'A',
          datasource: sources.influxdb,
          query: alert.query,
          rawQuery: true,
          resultFormat: 'time_series',
          intervalMs: FIVE_MINUTES_MS,
          maxDataPoints: 1_000,
        },
      },
      {
        refId: 'B',
        ...EXPRESSION,
        model: {
          refId: 'B',
          datasource: expression,
          type: 'reduce',
          reducer: alert.reduce,
          expression: 'A',
          settings: { mode: 'dropNN' },
        },
      },
      {
        refId: 'C',
        ...EXPRESSION,
        model: {
          refId: 'C',
          datasource: expression,
          type: 'threshold',
          expression: 'B',
          conditions: [{ evaluator: { type, params: [limit] } }],
        },
      },
    ],
    noDataState: alert.noData,
    execErrState: 'Error',
    for: alert.for,
    annotations: {
      summary: said(alert.summary, language),
      __dashboardUid__: uidOf(alert.dashboard, language),
      __panelId__: String(alert.panel),
    },
    labels: { severity: alert.severity, source: 'plietsch' },
  };
};

/** Alert rules in one language, as Grafana's file provisioning reads them. */
export const alertingFile = (language: Language): string =>
  stringify(
    {
      apiVersion: 1,
      groups: [
        {
          orgId: 1,
          name: 'plietsch',
          folder: 'plietsch',
          interval: '5m',
          rules: alerts.map((alert) => ruleOf(alert, language)),
        },
      ],
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
