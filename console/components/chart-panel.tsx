import { useMemo, useState } from 'preact/hooks';
import { observationsPath } from '../api.ts';
import type { Language } from '../dictionary.ts';
import type { Placed } from '../events.ts';
import type { Series } from '../follow-series.ts';
import { localeOf, quantityText } from '../format.ts';
import { useSeries } from '../hooks/use-series.ts';
import type { LiveFeed } from '../live.ts';
import type { Row } from '../rows.ts';
import { csvOf, DAY_MS, extremesOf, type Point, since } from '../series.ts';
import { LineChart } from './line-chart.tsx';
import { follow, quantityName, rowText, shownName, useUi } from './ui.ts';

const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

interface ChartPanelProps {
  readonly row: Row | undefined;
  /** What happened at it. */
  readonly events: readonly Placed[];
  readonly feed: LiveFeed;
  readonly clock: () => number;
}

export const ChartPanel = ({ row, events, feed, clock }: ChartPanelProps) => {
  const ui = useUi();
  const { t, selected, select, hrefOf } = ui;
  const [attempt, setAttempt] = useState(0);
  // Values of delayed datasets do not come live: where the table has a newer one, the chart asks again.
  const publishedAt = row && row.delayMs > 0 ? row.time : '';
  const series = useSeries(selected, { feed, clock, version: `${attempt} ${publishedAt}` });
  const what = row && quantityName(row, ui);
  return (
    <section class="chart-panel" id="chart" tabIndex={-1} aria-labelledby="chart-heading">
      {row ? (
        <div class="chart-head">
          <h2 id="chart-heading">
            {shownName(row.thing.name, row.thing.simulated)}
            <small>{[what, siteOf(row), row.municipality?.name].filter(Boolean).join(' · ')}</small>
          </h2>
          <p class="chart-now">{rowText(row, ui)}</p>
        </div>
      ) : (
        <h2 id="chart-heading">{t.chart}</h2>
      )}
      {row && series.phase !== 'unknown' ? (
        <Course {...{ row, series, events }} retry={() => setAttempt(attempt + 1)} />
      ) : (
        <p class="chart-message">
          {selected === undefined ? t.chartPick : t.chartUnknown}{' '}
          {selected !== undefined && (
            <a href={hrefOf(undefined)} onClick={follow(() => select(undefined))}>
              {t.clearSelection}
            </a>
          )}
        </p>
      )}
    </section>
  );
};

/** The site, where the thing's name does not say it. */
const siteOf = ({ thing, site }: Row): string | undefined => {
  const name = site && shownName(site.name, thing.simulated);
  return name !== undefined && !thing.name.includes(name) ? name : undefined;
};

interface CourseProps {
  readonly row: Row;
  readonly series: Series;
  readonly events: readonly Placed[];
  readonly retry: () => void;
}

const Course = ({ row, series: { phase, points: all }, events, retry }: CourseProps) => {
  const ui = useUi();
  const { t, language, now, time } = ui;
  // A datastream that fell silent grows old too.
  const points = useMemo(() => since(all, now - DAY_MS), [all, now]);
  const marks = useMarks(events);
  if (phase === 'loading') return <p class="chart-message">{t.chartLoading}</p>;
  if (phase === 'failed') {
    return (
      <p class="chart-message" role="alert">
        {t.chartFailed}{' '}
        <button type="button" onClick={retry}>
          {t.retry}
        </button>
      </p>
    );
  }
  const definition = ui.properties.get(row.property);
  const isState = definition?.codes !== undefined;
  const format = (value: number) => quantityText({ ...row, value }, language, definition);
  const what = `${shownName(row.thing.name, row.thing.simulated)}, ${quantityName(row, ui)}`;
  return (
    <>
      {points.length === 0 ? (
        <p class="chart-message">{t.chartEmpty}</p>
      ) : (
        <LineChart
          key={`${row.id} ${language}`}
          {...{ points, marks }}
          now={now}
          label={t.chartOf(what)}
          time={time}
          format={format}
          unit={row.unit}
          isState={isState}
        />
      )}
      <Sentence {...{ points, format, isState }} />
      {marks.length > 0 && points.length > 0 && (
        <p class="chart-marks">{t.emptiedAt(listText(marks.map(time.clock), language))}</p>
      )}
      <p class="chart-notes">
        {t.left} {row.delayMs > 0 && t.delayed(row.delayMs / 60_000)}{' '}
        {time.timeZone !== ownZone && t.zone(time.timeZone)}
      </p>
      <p class="chart-links">
        {t.data} <a href={observationsPath(row.id)}>{t.asJson}</a>
        <button type="button" class="link" onClick={() => saveCsv(row, points, language === 'de')}>
          {t.asCsv}
        </button>
        <a class="to-tables" href={`#${row.useCase}`}>
          {t.toTables}
        </a>
      </p>
    </>
  );
};

/** Times of emptyings in order, the same list while they are the same. */
const useMarks = (events: readonly Placed[]): readonly number[] => {
  const times = events.flatMap(({ event: { kind, time } }) => (kind === 'emptying' ? [time] : [])).reverse();
  const key = times.join(' ');
  return useMemo(() => times, [key]);
};

const listText = (texts: readonly string[], language: Language): string =>
  new Intl.ListFormat(localeOf(language), { type: 'conjunction' }).format(texts);

interface SentenceProps {
  readonly points: readonly Point[];
  readonly format: (value: number) => string;
  readonly isState: boolean;
}

/** What the picture shows, for those who do not see it, and for everybody in a hurry. A state has no lowest value. */
const Sentence = ({ points, format, isState }: SentenceProps) => {
  const { t, time: region } = useUi();
  const extremes = extremesOf(points);
  if (!extremes) return null;
  const at = ({ time, value }: Point) => t.at(format(value), region.clock(time));
  const last = at(extremes.last);
  return (
    <p class="chart-sentence">{isState ? t.lastState(last) : t.extremes(at(extremes.min), at(extremes.max), last)}</p>
  );
};

const saveCsv = (row: Row, points: readonly Point[], german: boolean): void => {
  const text = csvOf(points, { german, header: `${row.property} [${row.unit}]` });
  // Spreadsheets take UTF-8 for what it is only behind a byte order mark.
  const url = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: `${row.id}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};
