import type { PanelJson } from './grafana-json.ts';

/** Names of the columns of each answer, by its letter. */
export type Columns = ReadonlyMap<string, readonly string[]>;

type Transformation = NonNullable<PanelJson['transformations']>[number];
type Names = Map<string, readonly string[]>;

const record = (value: unknown): Readonly<Record<string, unknown>> => (value ?? {}) as Record<string, unknown>;
const list = (value: unknown): readonly Record<string, unknown>[] => (value ?? []) as Record<string, unknown>[];

interface Step {
  readonly names: Names;
  readonly faults: string[];
}

const need = ({ names, faults }: Step, wanted: unknown, by: string): void => {
  const all = [...names.values()].flat();
  if (typeof wanted === 'string' && !all.includes(wanted)) faults.push(`${by} wants the column "${wanted}"`);
};

const each = (names: Names, change: (columns: readonly string[]) => readonly string[]): Names =>
  new Map([...names].map(([letter, columns]) => [letter, change(columns)]));

/** What each transformation that dashboards use makes of the names; one that is not known here is a fault. */
const steps: Readonly<Record<string, (step: Step, transformation: Transformation) => Names>> = {
  organize: (step, { options, filter }) => {
    const { excludeByName, renameByName } = options;
    const renames = record(renameByName);
    const touched = [...step.names].filter(([letter]) => !filter || filter.options === letter);
    const seen = touched.flatMap(([, columns]) => columns);
    for (const name of [...Object.keys(record(excludeByName)), ...Object.keys(renames)])
      if (!seen.includes(name)) step.faults.push(`organize wants the column "${name}"`);
    return new Map(
      [...step.names].map(([letter, columns]) => {
        if (filter && filter.options !== letter) return [letter, columns];
        const kept = columns.filter((name) => record(excludeByName)[name] !== true);
        const renamed = (name: string): string => {
          const other = renames[name];
          return typeof other === 'string' ? other : name;
        };
        return [letter, kept.map(renamed)];
      }),
    );
  },
  joinByField: (step, { options }) => {
    const by = String(options.byField);
    for (const [letter, columns] of step.names)
      if (!columns.includes(by)) step.faults.push(`joinByField: answer ${letter} has no column "${by}"`);
    const rest = [...step.names.values()].flatMap((columns) => columns.filter((name) => name !== by));
    const twice = rest.filter((name, i) => rest.indexOf(name) !== i);
    if (twice.length > 0) step.faults.push(`joinByField meets "${twice.join('", "')}" twice`);
    return new Map([['A', [by, ...rest]]]);
  },
  groupBy: (step, { options }) => {
    const fields = Object.entries(record(options.fields));
    for (const [name] of fields) need(step, name, 'groupBy');
    return each(step.names, (columns) =>
      fields.flatMap(([name, how]) => {
        const { operation, aggregations } = record(how) as { operation?: string; aggregations?: string[] };
        if (!columns.includes(name)) return [];
        return operation === 'groupby' ? [name] : (aggregations ?? []).map((figure) => `${name} (${figure})`);
      }),
    );
  },
  calculateField: (step, { options }) => {
    const { left, right } = record(options.binary);
    need(step, left, 'calculateField');
    need(step, right, 'calculateField');
    const alias = String(options.alias);
    return each(step.names, (columns) =>
      options.replaceFields === true
        ? ['Time', alias].filter((name) => name === alias || columns.includes(name))
        : [...columns, alias],
    );
  },
  filterByValue: (step, { options }) => {
    for (const { fieldName } of list(options.filters)) need(step, fieldName, 'filterByValue');
    return step.names;
  },
  sortBy: (step, { options }) => {
    for (const { field } of list(options.sort)) need(step, field, 'sortBy');
    return step.names;
  },
  limit: ({ names }) => names,
};

/** Follows the names of columns through a panel's transformations to what it shows; faults where one is not there. */
export const columnFaults = (panel: PanelJson, answered: Columns): string[] => {
  const faults: string[] = [];
  let names: Names = new Map(answered);
  for (const transformation of panel.transformations ?? []) {
    const step = steps[transformation.id];
    if (!step) faults.push(`the transformation ${transformation.id} is not known`);
    else names = step({ names, faults }, transformation);
  }
  const shown = [...names.values()].flat();
  for (const { matcher } of panel.fieldConfig?.overrides ?? []) {
    if (matcher.id === 'byName' && !shown.includes(String(matcher.options)))
      faults.push(`dresses the column "${String(matcher.options)}", but shows "${[...new Set(shown)].join('", "')}"`);
  }
  const { fields } = record(record(panel.options).reduceOptions) as { fields?: string };
  if (fields) {
    const pattern = new RegExp(fields.slice(1, -1));
    if (!shown.some((name) => pattern.test(name))) faults.push(`reduces ${fields}, but has "${shown.join('", "')}"`);
  }
  return faults;
};
