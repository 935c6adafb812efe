import type { DecodedValue } from '../../devices/decode.ts';
import { observedProperties } from '../../model/observed-properties.ts';
import { type QualityFlag, qualityFlag, qualityTest } from '../../model/quality.ts';
import { MINUTE } from '../../model/time.ts';
import type { Step } from '../step.ts';

/** A device clock may run ahead of the network's by this much before its values become suspect. */
const CLOCK_TOLERANCE = 10 * MINUTE;

/** The tests that need no neighbours: range (QARTOD gross range test) and clock. The others are derivations. */
export const judge = (
  { property, value, time }: Pick<DecodedValue, 'property' | 'value' | 'time'>,
  receivedAt: number,
): { flag: QualityFlag; tests: number } => {
  if (value === null) return { flag: qualityFlag.missing, tests: qualityTest.sentinel };
  const limits = observedProperties.get(property)?.quality;
  if (!limits) return { flag: qualityFlag.notEvaluated, tests: 0 };
  const [min, max] = limits.gross;
  if (value < min || value > max) return { flag: qualityFlag.fail, tests: qualityTest.grossRange };
  let tests = 0;
  if (limits.usual && (value < limits.usual[0] || value > limits.usual[1])) tests |= qualityTest.usualRange;
  if (time > receivedAt + CLOCK_TOLERANCE) tests |= qualityTest.clock;
  return { flag: tests === 0 ? qualityFlag.pass : qualityFlag.suspect, tests };
};

export const qualify: Step = (work) => {
  const { position, storedAt, uplink, entry } = work;
  const codec = entry && `${entry.profile.id}@${entry.profile.version}`;
  for (const { value, datastream, deployment } of work.placed) {
    const { flag, tests } = judge(value, uplink.receivedAt);
    work.observations.push({
      datastream,
      phenomenonTime: value.time,
      value: value.value,
      flag,
      tests,
      position,
      record: value.record,
      receivedAt: uplink.receivedAt,
      storedAt,
      codec,
      deployment,
    });
  }
  return undefined;
};
