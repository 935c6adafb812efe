import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { events } from './influxql.ts';
import type { Build } from './panels/panel.ts';
import { said, type Text, words } from './text.ts';

/** Kinds of derived events that are marked on time axes. */
const marks = {
  emptying: { name: words.emptyings, colour: 'green' },
  surge: { name: words.surges, colour: 'red' },
  deployment: { name: words.deployments, colour: 'blue' },
} as const satisfies Record<string, { name: Text; colour: string }>;
export type Mark = keyof typeof marks;

/** Marks of the chosen things; those that are many are off until somebody asks for them. */
export const annotationOf = (mark: Mark, { language, source }: Build): cog.Builder<AnnotationQuery> => {
  const { name, colour } = marks[mark];
  const target = {
    refId: 'Anno',
    datasource: source,
    fromAnnotations: true,
    rawQuery: true,
    query: `SELECT "label", "thing", "until" ${events(mark)}`,
    textColumn: 'label',
    tagsColumn: 'thing',
    timeEndColumn: 'until',
  };
  return new AnnotationQueryBuilder()
    .name(said(name, language))
    .datasource(source)
    .enable(mark !== 'emptying')
    .hide(false)
    .iconColor(colour)
    .target({ build: () => ({ ...target, _implementsDataqueryVariant: () => undefined }) });
};
