import { z } from 'zod';
import type { Observation } from '../../model/observation.ts';
import type { QualityTest } from '../../model/quality.ts';
import { failedTests, type QualityFlag, qualityFlag, qualityTest } from '../../model/quality.ts';
import { qualityName } from '../formats/cell-text.ts';

type FlagName = keyof typeof qualityFlag;
const flagNames = Object.keys(qualityFlag) as [FlagName, ...FlagName[]];

/** Left out unless asked for: values that failed a test, and those that the device itself reported as missing. */
const byDefault: readonly FlagName[] = ['pass', 'notEvaluated', 'suspect'];

/** Flags that are asked for: `all`, or some by name. */
export const qualityQuery = z
  .string()
  .max(200)
  .default(byDefault.join(','))
  .transform((text, context): readonly FlagName[] => {
    if (text === 'all') return flagNames;
    const names = text.split(',').map((name) => name.trim());
    if (names.every((name): name is FlagName => Object.hasOwn(qualityFlag, name))) {
      return flagNames.filter((name) => names.includes(name));
    }
    context.addIssue({ code: 'custom', message: `write all, or some of ${flagNames.join(',')}` });
    return z.NEVER;
  })
  .meta({ description: `Quality flags (QARTOD) of the values: all, or some of ${flagNames.join(',')}` });

export const excludedSchema = z.array(z.enum(flagNames)).describe('Quality flags of values that were left out');

export const excludedBy = (wanted: readonly FlagName[]): FlagName[] =>
  flagNames.filter((name) => !wanted.includes(name));
export const flagsOf = (names: readonly FlagName[]): QualityFlag[] => names.map((name) => qualityFlag[name]);

type Judged = Pick<Observation, 'value' | 'flag' | 'tests'> & { readonly withheld?: true };

export const judgedSchema = {
  value: z.number().nullable(),
  flag: z.number().int().describe('QARTOD: 1 pass, 2 not evaluated, 3 suspect, 4 fail, 9 missing'),
  quality: z.enum(flagNames),
  failedTests: z.array(z.enum(Object.keys(qualityTest) as [QualityTest, ...QualityTest[]])),
  withheld: z
    .literal(true)
    .optional()
    .describe('The value is a small count that is not shown, so that nobody is recognised in it'),
};

export const presentJudged = ({ value, flag, tests, withheld }: Judged) => ({
  value,
  flag,
  quality: qualityName(flag),
  failedTests: failedTests(tests),
  ...(withheld && { withheld }),
});
