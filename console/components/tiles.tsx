import { wordFor } from '../dictionary.ts';
import { quantityText, valueText } from '../format.ts';
import { ageText } from '../freshness.ts';
import { freeBays } from '../parking.ts';
import { type Row, validValue } from '../rows.ts';
import { byProperty, isAlarm, type Thing } from '../things.ts';
import { countText } from './count-text.ts';
import { FULL_PERCENT } from './fill-bar.tsx';
import { type Ui, useUi } from './ui.ts';
import { UseCaseIcon } from './use-case-icon.tsx';

/** A glance at each use case, and the way to its table. */
export const Tiles = ({ groups }: { groups: readonly (readonly [string, readonly Thing[]])[] }) => {
  const ui = useUi();
  return (
    <nav class="tiles" aria-label={ui.t.overview}>
      {groups.map(([useCase, things]) => (
        <a key={useCase} class="tile" href={`#${useCase}`}>
          <UseCaseIcon useCase={useCase} />
          <span class="tile-name">{wordFor(ui.t.useCases, useCase)}</span>
          <span class="tile-count">{countText(useCase, things.length, ui.t)}</span>
          <span class="tile-headline">{headline(useCase, things, ui)}</span>
        </a>
      ))}
    </nav>
  );
};

const headline = (useCase: string, things: readonly Thing[], ui: Ui): string => {
  const { t, language, now } = ui;
  const first = things.map(({ rows }) => rows[0]);
  const leading = first.toSorted(byProperty)[0]?.property;
  const valid = first.filter((row) => validValue(row) !== undefined && row.property === leading);
  const isParking = useCase === 'parking' && leading === 'occupied';
  const free = isParking ? freeBays(things, now) : undefined;
  if (free !== undefined) return t.freeBays(free);
  const text = isParking ? undefined : spanText(useCase, valid, ui);
  if (text !== undefined) return text;
  const alarms = things.filter(({ rows }) => rows.some(isAlarm)).length;
  if (alarms > 0) return t.alarms(alarms);
  const newest = Math.max(...things.flatMap(({ rows }) => rows.map(({ time }) => time)));
  return t.newestAge(ageText(now - newest, language));
};

/** What the valid values of one property say together, where they say something. */
const spanText = (useCase: string, valid: readonly Row[], ui: Ui): string | undefined => {
  const { t, language, properties } = ui;
  const [example] = valid;
  if (!example) return undefined;
  const values = valid.flatMap((row) => validValue(row) ?? []);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const definition = properties.get(example.property);
  const text = (value: number) => quantityText({ ...example, value }, language, definition);
  const span = () =>
    text(low) === text(high)
      ? text(low)
      : t.between(valueText({ ...example, value: low }, language, definition) ?? '', text(high));
  if (useCase === 'waste' && example.unit === '%')
    return t.fullOver(values.filter((value) => value > FULL_PERCENT).length, text(FULL_PERCENT));
  if (useCase === 'coast') return t.highest(text(high));
  if (useCase === 'weather') return span();
  if (useCase === 'environment') return `${wordFor(t.shortNames, example.property)} ${span()}`;
  return undefined;
};
