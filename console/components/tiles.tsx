import { wordFor } from '../dictionary.ts';
import { quantityText } from '../format.ts';
import { ageText } from '../freshness.ts';
import { validValue } from '../rows.ts';
import type { Thing } from '../things.ts';
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
  const { t, language, properties, now } = ui;
  const first = things.map(({ rows }) => rows[0]);
  const valid = first.filter((row) => validValue(row) !== undefined && row.property === first[0]?.property);
  const values = valid.flatMap((row) => validValue(row) ?? []);
  const [example] = valid;
  const text = (value: number) =>
    example ? quantityText({ ...example, value }, language, properties.get(example.property)) : '';
  if (useCase === 'waste' && example?.unit === '%') {
    return t.fullOver(values.filter((value) => value > FULL_PERCENT).length, text(FULL_PERCENT));
  }
  if (useCase === 'coast' && example) return t.highest(text(Math.max(...values)));
  if (useCase === 'weather' && example) return t.between(text(Math.min(...values)), text(Math.max(...values)));
  const newest = Math.max(...things.flatMap(({ rows }) => rows.map(({ time }) => time)));
  return t.newestAge(ageText(now - newest, language));
};
