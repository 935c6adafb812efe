import type { ComponentChildren } from 'preact';
import { ageText, isStale } from '../freshness.ts';
import type { Row } from '../rows.ts';
import { isAlarm, type Thing } from '../things.ts';
import { FillBar } from './fill-bar.tsx';
import { QualityMark } from './quality-mark.tsx';
import { follow, rowText, shownName, useUi } from './ui.ts';

/** A link that selects the datastream; it fills its row. */
export const Pick = ({ row, text }: { row: Row; text: string }) => {
  const { select, selected, hrefOf } = useUi();
  return (
    <a
      class="pick"
      href={hrefOf(row.id)}
      aria-current={selected === row.id ? 'true' : undefined}
      onClick={follow(() => select(row.id))}
    >
      {text}
    </a>
  );
};

/** Where it is, as far as its name does not say so already. */
export const Place = ({ thing }: { thing: Thing }) => {
  const { isDemo, t } = useUi();
  const site = thing.site && shownName(thing.site.name, thing.isSimulated);
  const isNew = site !== undefined && !shownName(thing.name, thing.isSimulated).includes(site);
  return (
    <>
      {isNew && <span class="place">{site}</span>}
      {thing.isSimulated && !isDemo && <span class="tag">{t.simulatedTag}</span>}
    </>
  );
};

const ValueCell = ({ row }: { row: Row }) => {
  const ui = useUi();
  const isFill = row.property === 'fill_level' && row.value !== null;
  const isDoubtful = row.quality === 'fail' || row.value === null;
  return (
    <td class={isFill ? 'col-value has-bar' : 'col-value'}>
      {isFill && <FillBar percent={row.value ?? 0} />}
      <span class={isDoubtful ? 'value is-doubtful' : 'value'}>
        {isAlarm(row) && <AlarmSign />}
        {rowText(row, ui)}
      </span>
    </td>
  );
};

const AlarmSign = () => (
  <svg class="alarm" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M8 1.8 15 14H1zM8 6.2v3.6M8 11.7v.3" />
  </svg>
);

const AgeCell = ({ row }: { row: Row }) => {
  const { t, now, language, time } = useUi();
  return (
    <td class="col-age">
      <time dateTime={new Date(row.time).toISOString()} title={time.full(row.time)}>
        {ageText(now - row.time, language)}
      </time>
      {isStale(row, now) && (
        <span class="stale">
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="8" cy="8" r="6.2" />
            <path d="M8 4.5V8l2.5 2" />
          </svg>
          {t.stale}
        </span>
      )}
    </td>
  );
};

/** A datastream's line: what names it, then its value, age and quality. */
export const DatastreamRow = ({ row, children }: { row: Row; children: ComponentChildren }) => {
  const { selected, now } = useUi();
  const states = [selected === row.id && 'is-selected', isStale(row, now) && 'is-stale'].filter(Boolean);
  return (
    <tr class={states.join(' ')} data-datastream={row.id}>
      {children}
      <ValueCell row={row} />
      <AgeCell row={row} />
      <td class="col-quality">
        <QualityMark quality={row.quality} failedTests={row.failedTests} />
      </td>
    </tr>
  );
};
