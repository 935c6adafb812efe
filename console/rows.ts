import type { Judged, LatestValue, LiveObservation, Named, Quality } from './api.ts';

/** One datastream with its newest value, as a line of a table shows it. */
export interface Row {
  readonly id: string;
  readonly property: string;
  readonly channel?: string;
  readonly unit: string;
  readonly value: number | null;
  readonly quality: Quality;
  readonly failedTests: readonly string[];
  /** Phenomenon time in epoch ms. */
  readonly time: number;
  readonly useCase: string;
  readonly thing: Named & { readonly simulated: boolean };
  readonly site?: Named;
  readonly municipality?: Named;
  /** Values become visible when they are this old. */
  readonly delayMs: number;
  /** Time between two reports of the device, as the hub knows it. */
  readonly intervalMs?: number;
  /** Times between the last values that were seen to arrive. */
  readonly gapsMs: readonly number[];
}

export type Rows = ReadonlyMap<string, Row>;

const GAPS_KEPT = 5;

/** What ranks, counts and is drawn: neither what failed its test nor what is missing. */
export const validValue = ({ value, quality }: Pick<Judged, 'value' | 'quality'>): number | undefined =>
  value === null || quality === 'fail' || quality === 'missing' ? undefined : value;

/** Gaps learnt by the rows before go on. */
export const rowsOf = (latest: readonly LatestValue[], before: Rows): Rows =>
  new Map(
    latest.map((entry) => {
      const { datastream: id, property, channel, unit, value, quality, failedTests } = entry;
      const { useCase, thing, site, municipality, reportingIntervalS } = entry;
      const row: Row = {
        id,
        property,
        ...(channel !== undefined && { channel }),
        unit,
        value,
        quality,
        failedTests,
        time: Date.parse(entry.phenomenonTime),
        useCase,
        thing,
        ...(site && { site }),
        ...(municipality && { municipality }),
        delayMs: entry.delayMinutes * 60_000,
        ...(reportingIntervalS !== undefined && { intervalMs: reportingIntervalS * 1000 }),
        gapsMs: before.get(id)?.gapsMs ?? [],
      };
      return [id, row] as const;
    }),
  );

export interface Merged {
  readonly rows: Rows;
  readonly unknown: readonly LiveObservation[];
}

/**
 * Takes live events over. An older phenomenon time never replaces a newer; an equal one does, because its judgement
 * may have changed. What is not in the table yet is handed back: its names must be loaded.
 */
export const mergeLive = (rows: Rows, events: readonly LiveObservation[]): Merged => {
  let merged: Map<string, Row> | undefined;
  const unknown: LiveObservation[] = [];
  for (const event of events) {
    const row = (merged ?? rows).get(event.datastream);
    if (!row) {
      unknown.push(event);
      continue;
    }
    const time = Date.parse(event.phenomenonTime);
    if (time < row.time) continue;
    merged ??= new Map(rows);
    const { value, quality, failedTests } = event;
    const gapsMs = time > row.time ? [...row.gapsMs, time - row.time].slice(-GAPS_KEPT) : row.gapsMs;
    merged.set(row.id, { ...row, value, quality, failedTests, time, gapsMs });
  }
  return { rows: merged ?? rows, unknown };
};
