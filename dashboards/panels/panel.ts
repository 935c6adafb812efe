import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { type Language, said, type Text, words } from '../text.ts';
import { type Steps, thresholds } from '../thresholds.ts';

/** What a build is for: one language, one kind of data source. */
export interface Build {
  readonly language: Language;
  readonly source: DataSourceRef;
}

/** A query without its letter and data source. */
export interface Query {
  readonly target: (language: Language) => Readonly<Record<string, unknown>>;
}

/** A panel that knows its size; where it stands is up to the layout. */
export interface PanelBrick {
  readonly width: number;
  readonly height: number;
  readonly build: (build: Build) => cog.Builder<dashboard.Panel>;
}

export interface Column {
  readonly name: string;
  readonly properties: (build: Build) => { readonly id: string; readonly value: unknown }[];
}

/** What every panel has. */
export interface PanelOptions {
  /** Unique on the dashboard and the same for ever: links and alerts name it. */
  readonly id: number;
  readonly title: Text;
  /** What is shown, whence, and what to do about it. */
  readonly about: Text;
  readonly size: readonly [width: number, height: number];
  readonly queries: readonly Query[];
  readonly unit: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly steps?: Steps;
  readonly mappings?: (language: Language) => dashboard.ValueMapping[];
  /** Shown where there is nothing; default says that there are no data. */
  readonly noValue?: Text;
  /** Another span than the dashboard's, e.g. `365d`. */
  readonly span?: string;
  /** Least width of `$__interval`: what the data have. */
  readonly interval?: string;
  /** Uid of the dashboard that tells more, without language. */
  readonly more?: string;
  readonly transformations?: readonly dashboard.DataTransformerConfig[];
  readonly columns?: readonly Column[];
}

/** What the SDK's builders of all kinds of panels share. */
interface CommonBuilder extends cog.Builder<dashboard.Panel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: DataSourceRef): this;
  withTarget(target: cog.Builder<cog.Dataquery>): this;
  transformations(transformations: dashboard.DataTransformerConfig[]): this;
  links(links: cog.Builder<dashboard.DashboardLink>[]): this;
  interval(interval: string): this;
  timeFrom(timeFrom: string): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  mappings(mappings: dashboard.ValueMapping[]): this;
  thresholds(thresholds: cog.Builder<dashboard.ThresholdsConfig>): this;
  noValue(noValue: string): this;
  overrideByName(name: string, properties: dashboard.DynamicConfigValue[]): this;
}

/** Gives a builder all that every panel has. */
export const dress = <T extends CommonBuilder>(builder: T, options: PanelOptions, build: Build): T => {
  const { language, source } = build;
  const { decimals, min, max, mappings, span, interval, more, transformations } = options;
  builder
    .id(options.id)
    .title(said(options.title, language))
    .description(said(options.about, language))
    .datasource(source)
    .unit(options.unit)
    .noValue(said(options.noValue ?? words.noData, language))
    .thresholds(thresholds(options.steps ?? []));
  if (decimals !== undefined) builder.decimals(decimals);
  if (min !== undefined) builder.min(min);
  if (max !== undefined) builder.max(max);
  if (mappings) builder.mappings(mappings(language));
  if (span !== undefined) builder.timeFrom(span);
  if (interval !== undefined) builder.interval(interval);
  if (transformations) builder.transformations([...transformations]);
  if (more !== undefined) builder.links([linkTo(more, options.title, build)]);
  options.queries.forEach((query, i) => {
    builder.withTarget(targetOf(query, refIdOf(i), build));
  });
  for (const { name, properties } of options.columns ?? []) builder.overrideByName(name, properties(build));
  return builder;
};

/** A, B, C … */
export const refIdOf = (index: number): string => String.fromCharCode(65 + index);

const targetOf = ({ target }: Query, refId: string, { language, source }: Build): cog.Builder<cog.Dataquery> => ({
  build: () => ({ refId, datasource: source, ...target(language), _implementsDataqueryVariant: () => undefined }),
});

/** The data source is chosen by a variable, so that one dashboard serves any installation. */
export const uidOf = (uid: string, language: Language): string => `${uid}-${language}`;

const linkTo = (uid: string, title: Text, { language }: Build) =>
  new DashboardLinkBuilder(said(title, language)).url(`/d/${uidOf(uid, language)}?\${__url_time_range}`).keepTime(true);
