import { localeOf, valueText } from '../format.ts';
import { ageText, isStale } from '../freshness.ts';
import type { Row } from '../rows.ts';
import type { Thing } from '../things.ts';
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

export const ValueCell = ({ row }: { row: Row }) => {
  const ui = useUi();
  const isFill = row.property === 'fill_level' && row.value !== null;
  const isDoubtful = row.quality === 'fail' || valueText(row, ui.language) === undefined;
  return (
    <td class={isFill ? 'col-value has-bar' : 'col-value'}>
      {isFill && <FillBar percent={row.value ?? 0} />}
      <span class={isDoubtful ? 'value is-doubtful' : 'value'}>{rowText(row, ui)}</span>
    </td>
  );
};

export const AgeCell = ({ row }: { row: Row }) => {
  const { t, now, language } = useUi();
  const date = new Date(row.time);
  const full = date.toLocaleString(localeOf(language), { dateStyle: 'full', timeStyle: 'medium' });
  const stale = isStale(row, now);
  return (
    <td class="col-age">
      <time dateTime={date.toISOString()} title={full}>
        {ageText(now - row.time, language)}
      </time>
      {stale && (
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

export const QualityCell = ({ row }: { row: Row }) => (
  <td class="col-quality">
    <QualityMark quality={row.quality} failedTests={row.failedTests} />
  </td>
);
