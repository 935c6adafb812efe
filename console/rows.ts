import type { Datastream, LatestValue, LiveObservation, Named, Quality } from './api.ts';

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
  /** Times between the last values that were seen to arrive. */
  readonly gapsMs: readonly number[];
}

export type Rows = ReadonlyMap<string, Row>;

const GAPS_KEPT = 5;

interface Loaded {
  readonly latest: readonly LatestValue[];
  readonly datastreams: readonly Datastream[];
  /** What was shown before: gaps already learnt go on. */
  readonly before: Rows;
}

export const rowsOf = ({ latest, datastreams, before }: Loaded): Rows => {
  const infos = new Map(datastreams.map((info) => [info.id, info]));
  return new Map(
    latest.map((entry) => {
      const { datastream: id, property, unit, value, quality, failedTests, useCase, thing, site, municipality } = entry;
      const info = infos.get(id);
      const row: Row = {
        id,
        property,
        ...(info?.channel !== undefined && { channel: info.channel }),
        unit,
        value,
        quality,
        failedTests,
        time: Date.parse(entry.phenomenonTime),
        useCase,
        thing,
        ...(site && { site }),
        ...(municipality && { municipality }),
        delayMs: (info?.delayMinutes ?? 0) * 60_000,
        gapsMs: before.get(id)?.gapsMs ?? [],
      };
      return [id, row] as const;
    }),
  );
};

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
