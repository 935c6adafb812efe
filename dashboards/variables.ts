import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { ThingKind } from '../model/registry.ts';
import { apiQuery } from './infinity.ts';
import { NAMED_LATELY } from './influxql.ts';
import type { Build } from './panels/panel.ts';
import { said, type Text, words } from './text.ts';

/** Data sources as deploy/grafana provisions them. */
export const sources = {
  influxdb: { type: 'influxdb', uid: 'plietsch-influxdb' },
  api: { type: 'yesoreyeram-infinity-datasource', uid: 'plietsch-api' },
} as const;
/** How panels refer to the chosen one. */
export const CHOSEN_SOURCE = `\${datasource}`;

export const sourceVariable = (source: keyof typeof sources, { language }: Build): cog.Builder<VariableModel> => {
  const { type, uid } = sources[source];
  return new DatasourceVariableBuilder('datasource')
    .label(said(words.dataSource, language))
    .description(
      said(['Woher alle Werte dieses Dashboards kommen', 'Where all values on this dashboard come from'], language),
    )
    .type(type)
    .current({ selected: true, text: uid, value: uid });
};

/** Where the console is, for links; an operator sets it once and saves. */
export const consoleVariable = ({ language }: Build): cog.Builder<VariableModel> =>
  new TextBoxVariableBuilder('console')
    .label(said(words.console, language))
    .description(
      said(['Adresse der Konsole des Hubs, für Verweise', "Address of the hub's console, for links"], language),
    )
    .defaultValue('http://localhost:8080')
    .hide(VariableHide.HideVariable);

interface Chained {
  readonly name: string;
  readonly label: Text;
  readonly about: Text;
  /** Tag whose values are offered. */
  readonly tag: 'municipality' | 'site' | 'thing';
  readonly where: string;
}

const DISTINCT_NAMES = ({ tag, where }: Chained): string =>
  // SHOW TAG VALUES sees only the default retention policy in InfluxDB 2 (influxdata/influxdb#23058).
  `SELECT DISTINCT("${tag}") FROM (SELECT "name", "${tag}" FROM "derived"."thing" WHERE ${where} AND ${NAMED_LATELY})`;

/** A choice of tag values; All stands for every one that is offered, so that it ends where its parent ends. */
const chained = (choice: Chained, { language, source }: Build): cog.Builder<VariableModel> => {
  const query = DISTINCT_NAMES(choice);
  return new QueryVariableBuilder(choice.name)
    .label(said(choice.label, language))
    .description(said(choice.about, language))
    .datasource(source)
    .query({ query, rawQuery: true, refId: choice.name })
    .definition(query)
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
};

/** Things of some kinds, e.g. `"kind" =~ /^(gauge)$/`. */
export const ofKinds = (kinds: readonly ThingKind[]): string => `"kind" =~ /^(${kinds.join('|')})$/`;

/** Municipality → site → thing: each offers what the one before it leaves. */
export const placeVariables = (kinds: readonly ThingKind[], build: Build): cog.Builder<VariableModel>[] => {
  const kind = ofKinds(kinds);
  const inMunicipality = `${kind} AND "municipality" =~ /^\${municipality:regex}$/`;
  const choices: Chained[] = [
    {
      name: 'municipality',
      label: words.municipality,
      about: ['Gemeinden, in denen es etwas zu messen gibt', 'Municipalities with something to measure'],
      tag: 'municipality',
      where: kind,
    },
    {
      name: 'site',
      label: words.site,
      about: ['Standorte in den gewählten Gemeinden', 'Sites in the chosen municipalities'],
      tag: 'site',
      where: inMunicipality,
    },
    {
      name: 'thing',
      label: words.thing,
      about: ['Messstellen an den gewählten Standorten', 'Measuring points at the chosen sites'],
      tag: 'thing',
      where: `${inMunicipality} AND "site" =~ /^\${site:regex}$/`,
    },
  ];
  return choices.map((choice) => chained(choice, build));
};

/** The stations that stationVariable chose. */
export const WEATHER_STATIONS = `"thing" =~ /^\${station:regex}$/`;

/** Every weather station of the region, for weather beside things that are none. */
export const stationVariable = (build: Build): cog.Builder<VariableModel> =>
  chained(
    {
      name: 'station',
      label: ['Wetterstation', 'Weather station'],
      about: ['Wetterstationen der Region', "The region's weather stations"],
      tag: 'thing',
      where: ofKinds(['weather_station']),
    },
    build,
  );

/** One datastream of a property, from the hub's API: an address asks for one series only. */
export const datastreamVariable = (property: string, { language, source }: Build): cog.Builder<VariableModel> => {
  const infinityQuery = apiQuery({
    path: `/api/v1/datastreams?property=${property}&limit=1000`,
    rows: 'items',
    columns: [['id', 'id', 'string']],
  });
  return new QueryVariableBuilder('datastream')
    .label(said(['Datenreihe', 'Datastream'], language))
    .description(said(['Was in den Verläufen gezeigt wird', 'What the courses show'], language))
    .datasource(source)
    .query({ queryType: 'infinity', query: '', infinityQuery: { ...infinityQuery, refId: 'datastream' } })
    .definition(infinityQuery.url)
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(false)
    .includeAll(false);
};
