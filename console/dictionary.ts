import { type Dictionary, de } from './dictionary-de.ts';
import { en } from './dictionary-en.ts';

export type { Dictionary };

export type Language = 'de' | 'en';

export const isLanguage = (text: unknown): text is Language => text === 'de' || text === 'en';

export const dictionaries: Readonly<Record<Language, Dictionary>> = { de, en };

/** The word for an identifier that the dictionary may not know yet: then the identifier, readable. */
export const wordFor = (words: Readonly<Record<string, string>>, id: string): string =>
  words[id] ?? id.replaceAll(/[_-]/g, ' ');
