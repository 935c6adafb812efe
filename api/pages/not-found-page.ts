import { el, type Piece } from './element.ts';
import type { Tongue } from './tongue.ts';

/** The same for what never was and for what is not for everybody. */
export const notFoundPage = ({ words, language }: Tongue): Piece =>
  el(
    'div',
    { class: 'page-title' },
    el('h1', null, words.notFoundTitle),
    el('p', { class: 'lead' }, words.notFound),
    el('p', null, el('a', { href: `/${language}/data` }, words.backToList)),
  );
