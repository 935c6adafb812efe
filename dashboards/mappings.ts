import { MappingType, SpecialValueMatch, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { type Language, said, type Text, words } from './text.ts';
import { STALE_HOURS, surgeLimits } from './thresholds.ts';
import { propertyOf } from './units.ts';

/** The states of a property in words. */
export const statesOf =
  (property: string, colours: Readonly<Record<number, string>> = {}) =>
  (language: Language): ValueMapping[] => {
    const { codes } = propertyOf(property);
    if (!codes) throw new Error(`The property ${property} has no states`);
    const options = Object.entries(codes).map(([code, name], index) => {
      const color = colours[Number(code)];
      return [code, { text: name[language], index, ...(color !== undefined && { color }) }];
    });
    return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
  };

const range = (from: number, to: number | null, text: string, color: string): ValueMapping => ({
  type: MappingType.RangeToText,
  options: { from, to, result: { text, color } },
});

const surgeNames: readonly (readonly [Text, string])[] = [
  [['leichte Sturmflut', 'light storm surge'], 'yellow'],
  [['mittlere Sturmflut', 'medium storm surge'], 'orange'],
  [['schwere Sturmflut', 'severe storm surge'], 'red'],
  [['sehr schwere Sturmflut', 'very severe storm surge'], 'purple'],
];

/** A water level above the mean as the class of its storm surge. */
export const surgeClasses = (language: Language): ValueMapping[] =>
  surgeLimits.map((from, i) => {
    const [name, colour] = surgeNames[i] ?? [['', ''], 'red'];
    return range(from, surgeLimits[i + 1] ?? null, said(name, language), colour);
  });

/** Ages in seconds that say that nothing comes any more. */
export const staleAge = (language: Language): ValueMapping[] => [
  range(STALE_HOURS * 3_600, null, `⚠ ${said(words.stale, language)}`, 'red'),
];

/** Whether a thing was heard of lately: a count, or nothing at all. */
export const freshOrStale = (language: Language): ValueMapping[] => [
  range(1, null, said(words.fresh, language), 'green'),
  {
    type: MappingType.SpecialValue,
    options: {
      match: SpecialValueMatch.Null,
      result: { text: `⚠ ${said(words.stale, language)}`, color: 'red' },
    },
  },
];

/** Something is so, or not. */
export const yesNo =
  (yes: Text, no: Text, colours: readonly [string, string] = ['green', 'red']) =>
  (language: Language): ValueMapping[] => [
    {
      type: MappingType.ValueToText,
      options: {
        0: { text: said(no, language), color: colours[1], index: 1 },
        1: { text: said(yes, language), color: colours[0], index: 0 },
      },
    },
  ];

/** Kinds of derived events in words. */
export const eventNames = (language: Language): ValueMapping[] => {
  const kinds: readonly (readonly [string, Text, string])[] = [
    ['emptying', ['Leerung', 'emptying'], 'green'],
    ['surge', ['Sturmflut', 'storm surge'], 'red'],
    ['deployment', ['Gerätewechsel', 'deployment'], 'blue'],
  ];
  const options = kinds.map(([kind, name, color], index) => [kind, { text: said(name, language), color, index }]);
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
};
