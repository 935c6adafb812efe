import { DAY, HOUR, MINUTE, SECOND } from '../../model/time.ts';

/** What Grafana puts in for names in a query. */
export interface Scope {
  readonly from: number;
  readonly to: number;
  /** `$__interval` in milliseconds. */
  readonly intervalMs: number;
  readonly variables: ReadonlyMap<string, readonly string[]>;
}

const units = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
] as const;

export const durationMs = (text: string): number => {
  const [, count, unit] = /^(\d+)([dhms])$/.exec(text) ?? [];
  const factor = units.find(([name]) => name === unit)?.[1];
  if (count === undefined || factor === undefined) throw new Error(`"${text}" is no duration`);
  return Number(count) * factor;
};

export const durationText = (ms: number): string => {
  const [unit, size] = units.find(([, each]) => ms % each === 0) ?? ['s', SECOND];
  return `${Math.max(1, Math.round(ms / size))}${unit}`;
};

/** Widths that Grafana rounds to. */
const widths = [
  10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 604_800,
];

/** `$__interval`: the span by the points that fit into a panel, rounded, at least the panel's own. */
export const intervalOf = (spanMs: number, least: string | undefined, points = 1_000): number => {
  const wanted = spanMs / points / SECOND;
  const rounded = (widths.find((width) => width >= wanted) ?? 604_800) * SECOND;
  return Math.max(rounded, least === undefined ? 0 : durationMs(least));
};

const escapeRegex = (text: string): string => text.replaceAll(/[\\^$*+?.()|[\]{}/]/g, '\\$&');

const formats: Readonly<Record<string, (values: readonly string[]) => string>> = {
  regex: (values) => {
    const escaped = values.map(escapeRegex);
    return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
  },
  pipe: (values) => values.join('|'),
  csv: (values) => values.join(','),
  percentencode: (values) => encodeURIComponent(values.length === 1 ? (values[0] ?? '') : `{${values.join(',')}}`),
};

/** A query as Grafana's data source would send it. Throws where a name is not known or nothing is chosen. */
export const interpolate = (text: string, { from, to, intervalMs, variables }: Scope): string =>
  text
    .replaceAll('$timeFilter', `time >= ${from}ms and time <= ${to}ms`)
    .replaceAll(/\$\{?__interval_ms\}?/g, String(intervalMs))
    .replaceAll(/\$(?:__interval|interval|\{__interval\})(?!\w)/g, durationText(intervalMs))
    .replaceAll(/\$\{__(from|to)(?::date(?::iso)?)?\}/g, (found, name: string) => {
      const time = name === 'from' ? from : to;
      return found.includes(':date') ? new Date(time).toISOString() : String(time);
    })
    .replaceAll(/\$\{(\w+)(?::(\w+))?\}/g, (_, name: string, format = 'regex') => {
      const values = variables.get(name);
      if (!values || values.length === 0) throw new Error(`Nothing is chosen for the variable "${name}"`);
      const formatted = formats[format];
      if (!formatted) throw new Error(`There is no format "${format}"`);
      return formatted(values);
    });
