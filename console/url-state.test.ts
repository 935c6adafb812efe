import { describe, expect, it } from 'vitest';
import { changedUrl, languageOf, parseUrl } from './url-state.ts';

describe('the URL', () => {
  it('keeps language, selection and filter', () => {
    expect(parseUrl('?lang=en&datastream=a.b.c-d&q=glas+hafen&municipality=laboe')).toEqual({
      language: 'en',
      datastream: 'a.b.c-d',
      query: 'glas hafen',
      municipality: 'laboe',
    });
    expect(parseUrl('?lang=fr&datastream=')).toEqual({ query: '', municipality: '' });
  });

  it('changes one thing and leaves the others', () => {
    expect(changedUrl('?lang=en&x=1', { datastream: 'a.b' })).toBe('?lang=en&x=1&datastream=a.b');
    expect(changedUrl('?lang=en&q=ab', { q: '' })).toBe('?lang=en');
    expect(changedUrl('?q=ab', { q: '' })).toBe('?');
    expect(parseUrl(changedUrl('', { q: 'ä & ö=%' })).query).toBe('ä & ö=%');
  });
});

describe('the language', () => {
  it('is the first of the browser that the page speaks, or German', () => {
    expect(languageOf(['fr-FR', 'en-US', 'de'])).toBe('en');
    expect(languageOf(['de-AT', 'en'])).toBe('de');
    expect(languageOf(['da'])).toBe('de');
  });
});
