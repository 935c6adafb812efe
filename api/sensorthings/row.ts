import type { Observation } from '../../model/observation.ts';
import { failedTests, qualityFlag } from '../../model/quality.ts';
import { type ObservationDetail, observationNumber } from '../../model/sensor-things.ts';
import { instantText } from './instant-text.ts';
import { keptNumber } from './marks.ts';
import { FEATURES, type Node } from './node.ts';

/** An Observation: a row of the store, its Datastream, and what was kept beside it. */
export interface Row extends Pick<Observation, 'phenomenonTime' | 'value' | 'flag' | 'tests'> {
  readonly node: Node;
  /** It is a small count that is not shown: the value is null. */
  readonly withheld: boolean;
  readonly detail: ObservationDetail | undefined;
}

/** `@iot.id`. */
export const numberOfRow = ({ node, phenomenonTime }: Pick<Row, 'node' | 'phenomenonTime'>): number =>
  keptNumber(node, observationNumber(node.number, phenomenonTime));

const flagNames = new Map(Object.entries(qualityFlag).map(([name, flag]) => [flag, name]));

/** Instant, or interval as `start/end`, with milliseconds of fixed width. */
const phenomenonTimeOf = ({ phenomenonTime, detail }: Row): string =>
  detail?.phenomenonEnd === undefined
    ? instantText(phenomenonTime)
    : `${instantText(phenomenonTime)}/${instantText(detail.phenomenonEnd)}`;

/** Without a word of the creator's there is none (18-088 table 14); a sensor's result is there when it measured. */
const resultTimeOf = ({ node, phenomenonTime, detail }: Row): string | null => {
  if (!node.created) return instantText(phenomenonTime);
  return detail?.resultTime === undefined ? null : instantText(detail.resultTime);
};

const resultOf = ({ value, withheld, detail }: Row): unknown => {
  if (withheld || detail?.result === undefined) return value;
  return detail.result;
};

/** QARTOD's flag in the manner of a DQ_Element; what a creator said of it comes first. Nobody judged what has none. */
const resultQualityOf = ({ node, flag, tests, withheld, detail }: Row): unknown => {
  if (detail?.resultQuality !== undefined && !withheld) return detail.resultQuality;
  if (node.created && flag === qualityFlag.notEvaluated && !withheld) return undefined;
  return {
    nameOfMeasure: 'QARTOD',
    flag,
    result: flagNames.get(flag),
    failedTests: failedTests(tests),
    ...(withheld && { withheld: 'A small count is not shown, so that nobody can be recognised in it' }),
  };
};

const validTimeOf = ({ detail }: Row): string | undefined => detail?.validTime?.map(instantText).join('/');

/** Properties of an Observation by name, in the order in which they are written; undefined where there is none. */
export const rowProperties: Readonly<Record<string, (row: Row) => unknown>> = {
  phenomenonTime: phenomenonTimeOf,
  resultTime: resultTimeOf,
  result: resultOf,
  resultQuality: resultQualityOf,
  validTime: validTimeOf,
  parameters: ({ detail }) => detail?.parameters,
};

/** Number of its FeatureOfInterest: the one that was named, or the one that its Datastream's observations have. */
export const featureOfRow = ({ node, detail }: Row): number | undefined =>
  detail?.feature ?? node.links[FEATURES]?.[0]?.number;
