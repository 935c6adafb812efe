import type { Observation } from '../../model/observation.ts';
import type { QualityFlag } from '../../model/quality.ts';
import type { Sources } from './sources.ts';

export const OBSERVATION_COLUMNS =
  'datastream, time, value, flag, tests, position, record, received_at, stored_at, source';

/** An observation as it stands in a table. */
export interface ObservationRow {
  readonly datastream: number;
  readonly time: number;
  readonly value: number | null;
  readonly flag: number;
  readonly tests: number;
  readonly position: number;
  readonly record: number;
  readonly received_at: number;
  readonly stored_at: number;
  readonly source: number;
}

/** Health events come from no codec and stand under no deployment. */
export const namedSource = ({ codec, deployment }: { codec: string; deployment: string }) => ({
  ...(codec !== '' && { codec }),
  ...(deployment !== '' && { deployment }),
});

export const observationOf = (row: ObservationRow, sources: Sources): Observation => ({
  datastream: row.datastream,
  phenomenonTime: row.time,
  value: row.value,
  flag: row.flag as QualityFlag,
  tests: row.tests,
  position: row.position,
  record: row.record,
  receivedAt: row.received_at,
  storedAt: row.stored_at,
  ...namedSource(sources.get(row.source)),
});

/** A row that came as an array, in the order of OBSERVATION_COLUMNS. */
export type ObservationCells = readonly [
  datastream: number,
  time: number,
  value: number | null,
  flag: number,
  tests: number,
  position: number,
  record: number,
  receivedAt: number,
  storedAt: number,
  source: number,
];

export const observationOfCells = (
  [datastream, time, value, flag, tests, position, record, received_at, stored_at, source]: ObservationCells,
  sources: Sources,
): Observation =>
  observationOf({ datastream, time, value, flag, tests, position, record, received_at, stored_at, source }, sources);
