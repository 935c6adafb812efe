import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type GridPos,
  type Panel,
  RowBuilder,
  TimePickerBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { annotationOf, type Mark } from './annotations.ts';
import { type Build, type PanelBrick, uidOf } from './panels/panel.ts';
import { type Language, said, type Text, words } from './text.ts';
import { CHOSEN_SOURCE, consoleVariable, sources, sourceVariable } from './variables.ts';

export interface Section {
  /** Without a title the panels stand at the top. */
  readonly title?: Text;
  /** First panel of a row has this less one as the row's id; given so that it stays the same. */
  readonly id?: number;
  /** Folded in until somebody opens it: its queries do not run before. */
  readonly folded?: boolean;
  readonly panels: readonly PanelBrick[];
}

export interface DashboardSpec {
  /** Without language; the same for ever. */
  readonly uid: string;
  readonly title: Text;
  readonly about: Text;
  readonly source: keyof typeof sources;
  /** Begin of the time shown, e.g. `now-24h`. */
  readonly from: string;
  readonly refresh: string;
  readonly variables?: (build: Build) => cog.Builder<VariableModel>[];
  readonly marks?: readonly Mark[];
  readonly sections: readonly Section[];
}

const GRID_WIDTH = 24;

/** One dashboard in one language, as Grafana imports it. */
export const assemble = (spec: DashboardSpec, language: Language): Dashboard => {
  const build: Build = { language, source: { type: sources[spec.source].type, uid: CHOSEN_SOURCE } };
  const builder = new DashboardBuilder(said(spec.title, language))
    .uid(uidOf(spec.uid, language))
    .description(said(spec.about, language))
    .tags(['plietsch', `plietsch-${language}`])
    .timezone('browser')
    .weekStart('monday')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: spec.from, to: 'now' })
    .timepicker(new TimePickerBuilder().refreshIntervals(['30s', '1m', '5m', '15m', '1h']))
    .refresh(spec.refresh)
    .links(linksOf(build))
    .variables([sourceVariable(spec.source, build), consoleVariable(build), ...(spec.variables?.(build) ?? [])])
    .annotations((spec.marks ?? []).map((mark) => annotationOf(mark, build)));
  let y = 0;
  for (const section of spec.sections) y = addSection(builder, { section, build, y });
  const made = builder.build();
  // Grafana counts versions itself; a number in the file would only make noise.
  delete made.version;
  return made;
};

/** The other dashboards of the same language, and the console. */
const linksOf = ({ language }: Build) => [
  new DashboardLinkBuilder(said(words.dashboards, language))
    .type(DashboardLinkType.Dashboards)
    .tags([`plietsch-${language}`])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true),
  new DashboardLinkBuilder(said(words.console, language))
    .type(DashboardLinkType.Link)
    .icon('external link')
    .tooltip(said(words.inConsole, language))
    .url(`\${console}/?lang=${language}`)
    .targetBlank(true),
];

/** Adds a section from line y on; answers the first line below it. */
const addSection = (
  builder: DashboardBuilder,
  { section, build, y }: { section: Section; build: Build; y: number },
): number => {
  const { title, folded = false } = section;
  const top = title ? y + 1 : y;
  const { panels, bottom } = layOut(section.panels, build, top);
  if (!title) {
    for (const panel of panels) builder.withPanel(panel);
    return bottom;
  }
  if (section.id === undefined) throw new Error(`The section "${title[1]}" needs an id`);
  const row = new RowBuilder(said(title, build.language))
    .id(section.id)
    .gridPos({ x: 0, y, w: GRID_WIDTH, h: 1 })
    .collapsed(folded);
  if (folded) for (const panel of panels) row.withPanel(panel);
  builder.withRow(row);
  if (folded) return y + 1;
  for (const panel of panels) builder.withPanel(panel);
  return bottom;
};

/** Fills lines from left to right; a panel that does not fit begins the next line. */
const layOut = (bricks: readonly PanelBrick[], build: Build, top: number) => {
  let x = 0;
  let y = top;
  let lineHeight = 0;
  const panels = bricks.map(({ width, height, build: make }) => {
    if (x + width > GRID_WIDTH) {
      x = 0;
      y += lineHeight;
      lineHeight = 0;
    }
    const panel = placed(make(build), { x, y, w: width, h: height });
    x += width;
    lineHeight = Math.max(lineHeight, height);
    return panel;
  });
  return { panels, bottom: y + lineHeight };
};

const placed = (builder: cog.Builder<Panel>, gridPos: GridPos): cog.Builder<Panel> => ({
  build: () => ({ ...builder.build(), gridPos }),
});
