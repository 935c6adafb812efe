import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { dictionaries } from '../dictionary.ts';
import { placed } from '../events.ts';
import { filtered } from '../filter.ts';
import { useEvents } from '../hooks/use-events.ts';
import { useHub } from '../hooks/use-hub.ts';
import { useIdleEpoch } from '../hooks/use-idle-epoch.ts';
import { useNow } from '../hooks/use-now.ts';
import { useUrl } from '../hooks/use-url.ts';
import type { HubModel, HubState } from '../hub-model.ts';
import type { LiveFeed } from '../live.ts';
import { regionTime, zoneOf } from '../region-time.ts';
import type { Row, Rows } from '../rows.ts';
import { byUseCase, thingsOf } from '../things.ts';
import { languageOf } from '../url-state.ts';
import { Announcer } from './announcer.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { Filters } from './filters.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { Notices, PhaseNotice } from './notices.tsx';
import { Tiles } from './tiles.tsx';
import { type Ui, UiContext } from './ui.ts';
import { UseCaseSection } from './use-case-section.tsx';

const TICK_MS = 10_000;

interface AppProps {
  readonly model: HubModel;
  readonly feed: LiveFeed;
}

export const App = ({ model, feed }: AppProps) => {
  const state = useHub(model);
  const url = useUrl();
  const epoch = useIdleEpoch();
  const now = useNow(TICK_MS) + state.clockOffsetMs;
  const language = url.language ?? languageOf(navigator.languages);
  const t = dictionaries[language];
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = t.title;
  }, [language, t]);

  const things = useMemo(() => thingsOf(state.rows.values()), [state.rows]);
  const timeZone = zoneOf(state.health?.timeZone);
  const time = useMemo(() => regionTime(language, timeZone), [language, timeZone]);
  const clock = useHubClock(state.clockOffsetMs);
  const happenings = useEvents({ feed, clock, isReady: state.phase === 'ready' });
  const selected = useSelection(url.datastream, state);
  const { properties, rows } = state;
  const { query, municipality } = url;
  const ui: Ui = {
    language,
    t,
    now,
    time,
    isDemo: state.health?.demo ?? false,
    properties,
    selected,
    select: (datastream) => {
      url.go({ datastream: datastream ?? '' });
      if (datastream !== undefined) showChart();
    },
    hrefOf: (datastream) => url.href({ datastream: datastream ?? '' }),
  };
  const events = happenings && placed(happenings, rows, now);
  const shown = filtered(things, { query, municipality, language, properties });

  return (
    <UiContext.Provider value={ui}>
      <a class="skip" href="#main">
        {t.skip}
      </a>
      <Header connection={state.connection} href={url.href} go={url.go} />
      <main id="main" tabIndex={-1} aria-busy={state.phase === 'loading'}>
        <Notices state={state} retry={() => void model.load()} />
        {rows.size === 0 ? (
          <PhaseNotice state={state} retry={() => void model.load()} />
        ) : (
          <>
            <Tiles groups={byUseCase(things)} />
            <div class="columns">
              <ChartPanel
                row={selected === undefined ? undefined : rows.get(selected)}
                events={events?.filter(({ row }) => row.id === selected) ?? []}
                {...{ feed, clock }}
              />
              <section class="tables" aria-labelledby="tables-heading">
                <h2 id="tables-heading" class="visually-hidden">
                  {t.tables}
                </h2>
                <Filters {...{ things, query, municipality }} found={shown.length} change={url.replace} />
                {byUseCase(shown).map(([useCase, group]) => (
                  <UseCaseSection
                    key={useCase}
                    useCase={useCase}
                    things={group}
                    all={things}
                    events={events ?? []}
                    cut={happenings?.cut ?? []}
                    orderKey={`${query}\n${municipality}`}
                    epoch={epoch}
                  />
                ))}
              </section>
            </div>
          </>
        )}
      </main>
      <Footer version={state.health?.version} />
      <Announcer state={state} events={events} />
    </UiContext.Provider>
  );
};

/** One function for good: what depends on it need not start anew when the offset moves by a blink. */
const useHubClock = (offsetMs: number): (() => number) => {
  const offset = useRef(offsetMs);
  offset.current = offsetMs;
  return useCallback(() => Date.now() + offset.current, []);
};

/** What the URL names, or else something worth watching, held once it was found. */
const useSelection = (fromUrl: string | undefined, { rows, phase }: HubState): string | undefined => {
  const [fallback, setFallback] = useState<string>();
  const found = fallback !== undefined && rows.has(fallback) ? fallback : firstChoice(rows)?.id;
  useEffect(() => {
    if (phase === 'ready' && found !== fallback) setFallback(found);
  }, [phase, found, fallback]);
  return fromUrl ?? found;
};

/** Water moves all day; otherwise whatever there is. */
const firstChoice = (rows: Rows): Row | undefined => {
  const all = [...rows.values()];
  return all.find(({ property }) => property === 'water_level') ?? all[0];
};

/** On a narrow screen the chart stands above the tables, out of sight. */
const showChart = (): void => {
  const panel = document.querySelector<HTMLElement>('#chart');
  if (!panel || matchMedia('(min-width: 64rem)').matches) return;
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  panel.scrollIntoView({ behavior: isCalm ? 'auto' : 'smooth', block: 'start' });
  panel.focus({ preventScroll: true });
};
