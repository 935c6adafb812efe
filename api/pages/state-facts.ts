import { observedProperties } from '../../model/observed-properties.ts';
import { qualityFlag } from '../../model/quality.ts';
import { DAY, type EpochMs, SECOND } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import type { Stream } from '../visibility.ts';
import type { ValueRow } from './newest-rows.ts';

const SPAN = 7 * DAY;
const MAX_PROPERTIES = 1;
const MAX_LANES = 5;
/** Reports of one datastream that are read: what changes more often cannot be told apart in a picture. */
const MAX_REPORTS = 2_000;
/** A state is believed until so many usual intervals passed without a report. */
const PATIENCE = 3;

interface StateSpan {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly value: number;
}

/** A state over the last days, one lane for each place. Where nothing was reported there is no span. */
export interface StateFacts {
  readonly property: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly lanes: readonly { readonly stream: Stream; readonly spans: readonly StateSpan[] }[];
}

export const isState = (property: string): boolean => observedProperties.get(property)?.codes !== undefined;

export const stateFacts = async (reader: Reader, rows: readonly ValueRow[], now: EpochMs): Promise<StateFacts[]> => {
  const from = now - SPAN;
  const recent = rows.filter(
    ({ stream, observation }) => isState(stream.datastream.property) && observation.phenomenonTime >= from,
  );
  const found: StateFacts[] = [];
  for (const [property, members] of [...Map.groupBy(recent, ({ stream }) => stream.datastream.property)].slice(
    0,
    MAX_PROPERTIES,
  )) {
    const lanes = [];
    for (const { stream, observation } of members.slice(0, MAX_LANES)) {
      const intervalMs = (reader.reportingIntervalS(stream, observation) ?? 0) * SECOND;
      const patienceMs = intervalMs > 0 ? PATIENCE * intervalMs : DAY;
      lanes.push({ stream, spans: await spansOf(reader, { stream, from, to: now, patienceMs }) });
    }
    found.push({ property, from, to: now, lanes });
  }
  return found;
};

interface SpanQuery {
  readonly stream: Stream;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly patienceMs: number;
}

const spansOf = async (reader: Reader, { stream, from, to, patienceMs }: SpanQuery): Promise<StateSpan[]> => {
  const spans: StateSpan[] = [];
  let before: { time: EpochMs; value: number } | undefined;
  const close = (end: EpochMs): void => {
    if (!before) return;
    const until = Math.min(end, before.time + patienceMs);
    const last = spans.at(-1);
    // What goes on is one span.
    if (last?.to === before.time && last.value === before.value) spans[spans.length - 1] = { ...last, to: until };
    else spans.push({ from: before.time, to: until, value: before.value });
  };
  // Of very many reports the newest.
  const query = { from, to, order: 'descending', without: [qualityFlag.fail, qualityFlag.missing] } as const;
  const reports = await Array.fromAsync(reader.range(stream, { ...query, limit: MAX_REPORTS }));
  for (const { phenomenonTime, value } of reports.reverse()) {
    if (value === null) continue;
    close(phenomenonTime);
    before = { time: phenomenonTime, value };
  }
  close(Math.min(to, reader.horizon(stream)));
  return spans;
};
