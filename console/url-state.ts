import { isLanguage, type Language } from './dictionary.ts';

/** What a reload or a sent link brings back. */
export interface UrlState {
  readonly language?: Language;
  readonly datastream?: string;
  readonly query: string;
  readonly municipality: string;
}

export const parseUrl = (search: string): UrlState => {
  const parameters = new URLSearchParams(search);
  const language = parameters.get('lang');
  const datastream = parameters.get('datastream');
  return {
    ...(isLanguage(language) && { language }),
    ...(datastream && { datastream }),
    query: parameters.get('q') ?? '',
    municipality: parameters.get('municipality') ?? '',
  };
};

export type UrlChange = Partial<Record<'lang' | 'datastream' | 'q' | 'municipality', string>>;

/** The search part with the change made; empty values go, unknown parameters stay. */
export const changedUrl = (search: string, change: UrlChange): string => {
  const parameters = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    if (value) parameters.set(name, value);
    else parameters.delete(name);
  }
  const text = parameters.toString();
  return text === '' ? '?' : `?${text}`;
};

/** The first language of the browser that there is, or German. */
export const languageOf = (preferred: readonly string[]): Language =>
  preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'de';
