import type { z } from 'zod';
import { type ObservationDetail, observationNumber, observationPlace } from '../../model/sensor-things.ts';
import { type EpochMs, formatTime, parseRfc3339 } from '../../model/time.ts';
import { badOption } from './faults.ts';

type JsonValue = z.core.util.JSONType;

/** An Observation as it was written, its times read. */
export interface ObservationDraft {
  readonly path: string;
  /** Number of its Datastream; negative: the place of one that comes with it. */
  readonly datastream: number;
  /** As `datastream`; absent: the one of the Thing's place. */
  readonly feature: number | undefined;
  readonly phenomenonTime: EpochMs;
  readonly result: JsonValue;
  /** All that has no place in a number, its feature aside. */
  readonly detail: ObservationDetail;
}

interface Reading {
  readonly path: string;
  readonly datastream: number;
  readonly feature: number | undefined;
  readonly now: EpochMs;
}

/** Without a phenomenonTime it is now (18-088 §10.2.1.1). */
export const readObservation = (
  body: Readonly<Record<string, unknown>>,
  { path, datastream, feature, now }: Reading,
): ObservationDraft => {
  const { result, resultQuality, parameters } = body;
  if (result === undefined) throw badOption(`${path}.result`, 'is missing', 'write "result": 21.5');
  const [phenomenonTime, phenomenonEnd] = timeOf(body.phenomenonTime, `${path}.phenomenonTime`) ?? [now];
  refuseOutside(phenomenonTime, `${path}.phenomenonTime`);
  const resultTime = timeOf(body.resultTime, `${path}.resultTime`);
  const validTime = timeOf(body.validTime, `${path}.validTime`);
  if (resultTime?.[1] !== undefined) throw badOption(`${path}.resultTime`, 'is an interval', 'write one instant');
  if (validTime && validTime[1] === undefined) throw badOption(`${path}.validTime`, 'is an instant', 'write begin/end');
  if (
    parameters !== undefined &&
    parameters !== null &&
    (typeof parameters !== 'object' || Array.isArray(parameters))
  ) {
    throw badOption(`${path}.parameters`, 'is no JSON object', 'write {"…": …}');
  }
  return {
    path,
    datastream,
    feature,
    phenomenonTime,
    result: result as JsonValue,
    detail: {
      ...(typeof result !== 'number' && result !== null && { result: result as JsonValue }),
      ...(phenomenonEnd !== undefined && { phenomenonEnd }),
      ...(resultTime && { resultTime: resultTime[0] }),
      ...(validTime?.[1] !== undefined && { validTime: [validTime[0], validTime[1]] }),
      ...(resultQuality !== undefined && resultQuality !== null && { resultQuality: resultQuality as JsonValue }),
      ...(parameters !== undefined && parameters !== null && { parameters: parameters as Record<string, JsonValue> }),
    },
  };
};

type Span = readonly [from: EpochMs, to?: EpochMs];

/** An instant, or an interval written begin/end. */
const timeOf = (value: unknown, path: string): Span | undefined => {
  if (value === undefined || value === null) return undefined;
  const [from, to, ...more] = typeof value === 'string' ? value.split('/').map(parseRfc3339) : [];
  const count = typeof value === 'string' ? value.split('/').length : 0;
  if (from === undefined || more.length > 0 || (count === 2 && to === undefined)) {
    throw badOption(path, 'is no time', 'write 2026-03-02T07:15:31Z, or begin/end');
  }
  if (to === undefined) return [from];
  if (to < from) throw badOption(path, 'ends before it begins', 'swap begin and end');
  return [from, to];
};

/** Numbers of observations reach from 1950 to 2086. */
const refuseOutside = (time: EpochMs, path: string): void => {
  const number = observationNumber(1, time);
  if (number > 0 && observationPlace(number).datastream === 1) return;
  throw badOption(path, `${formatTime(time)} is too far away`, 'write a time from 1950 to 2086');
};
