import { themesOf } from '../catalogue/dataset-description.ts';
import { licenceTerms } from '../catalogue/licences.ts';
import type { Extent, PublicDataset } from '../catalogue/public-dataset.ts';
import { el, type Piece } from './element.ts';
import type { Tongue } from './tongue.ts';

export interface Listed {
  readonly entry: PublicDataset;
  readonly extent: Extent | undefined;
}

/** All datasets as cards. */
export const listPage = (listed: readonly Listed[], tongue: Tongue): Piece => {
  const { words, count } = tongue;
  return [
    el(
      'header',
      { class: 'page-title' },
      el('h1', null, words.listTitle),
      el('p', { class: 'lead' }, words.listLead),
      el('p', { class: 'chips' }, el('span', { class: 'chip' }, words.datasets(count(listed.length)))),
    ),
    listed.length === 0
      ? el('p', null, words.none)
      : el(
          'ul',
          { class: 'cards' },
          listed.map((one) => card(one, tongue)),
        ),
  ];
};

const card = ({ entry, extent }: Listed, tongue: Tongue): Piece => {
  const { words, language, count } = tongue;
  const { dataset, publisher, streams } = entry;
  return el(
    'li',
    { class: 'card' },
    el('h2', null, el('a', { href: `/${language}/data/${dataset.id}` }, dataset.title[language])),
    el(
      'p',
      { class: 'card-themes' },
      themesOf(entry)
        .map((theme) => words.themes[theme])
        .join(', '),
    ),
    el('p', null, dataset.description[language]),
    el('dl', null, [
      item(words.publisher, publisher.name),
      item(words.licence, licenceTerms[dataset.licence].name),
      item(words.rhythm, words.rhythms[dataset.updateRhythm]),
      item(words.newest, extent ? tongue.time(extent.newest) : words.noValues),
    ]),
    el('p', { class: 'chips' }, [
      el('span', { class: 'chip' }, words.datastreams(count(streams.length))),
      dataset.hvdCategory === undefined ? null : el('span', { class: 'chip' }, words.highValue),
    ]),
  );
};

const item = (name: string, value: string): Piece => el('div', null, el('dt', null, name), el('dd', null, value));
