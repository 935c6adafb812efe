import type { ObservedProperty } from './api.ts';
import type { Language } from './dictionary.ts';
import { propertyName } from './format.ts';
import type { Thing } from './things.ts';

/** Lower case without accents, so that "moenkeberg", "mönkeberg" and "Monkeberg" find Mönkeberg. */
export const folded = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[äöü]/g, (letter) => `${letter}e`)
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replace(/(?<=[aou])e/g, '');

interface Filter {
  readonly query: string;
  /** Id of a municipality, or empty. */
  readonly municipality: string;
  readonly language: Language;
  readonly properties: ReadonlyMap<string, ObservedProperty>;
}

/** Things whose names hold every word of the query, in the municipality asked for. */
export const filtered = (things: readonly Thing[], { query, municipality, language, properties }: Filter): Thing[] => {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return things.filter((thing) => {
    if (municipality !== '' && thing.municipality?.id !== municipality) return false;
    if (words.length === 0) return true;
    const quantities = thing.rows.map(({ property }) => propertyName(property, language, properties.get(property)));
    const text = folded([thing.name, thing.site?.name, thing.municipality?.name, ...quantities].join(' '));
    return words.every((word) => text.includes(word));
  });
};
