import type { ApiSettings } from '../api-config.ts';
import { contactOf, datasetIri, themesOf } from '../catalogue/dataset-description.ts';
import { asksForNaming, attributionLine, licenceTerms } from '../catalogue/licences.ts';
import type { Extent, PublicDataset, Terms } from '../catalogue/public-dataset.ts';
import { el, type Piece } from './element.ts';
import type { Tongue } from './tongue.ts';

interface AboutOptions {
  readonly tongue: Tongue;
  readonly base: string;
  readonly config: Pick<ApiSettings, 'contact' | 'catalogue' | 'publicMqttUrl'>;
  readonly extent: Extent | undefined;
}

/** Whose data these are, under which terms, and when they become public. */
export const aboutSection = (entry: PublicDataset, { tongue, base, config, extent }: AboutOptions): Piece => {
  const { dataset, publisher, municipalities } = entry;
  const { words } = tongue;
  const page = datasetIri(base, dataset.id);
  const licence = licenceTerms[dataset.licence];
  const rows: readonly (readonly [string, Piece] | undefined)[] = [
    [words.publisher, [publisher.name, el('small', null, words.officialKey(publisher.key))]],
    [words.contact, contactPiece(contactOf(entry, { config, page }))],
    [words.licence, el('a', { href: licence.url, rel: 'license' }, licence.name)],
    asksForNaming(dataset)
      ? [
          words.attribution,
          [words.attributionHint, el('code', { class: 'copy' }, attributionLine(dataset, publisher.name, page))],
        ]
      : undefined,
    [words.publication, publicationPiece(entry, tongue)],
    [words.rhythm, words.rhythms[dataset.updateRhythm]],
    extent && [words.since, tongue.date(extent.from)],
    [
      words.theme,
      themesOf(entry)
        .map((theme) => words.themes[theme])
        .join(', '),
    ],
    dataset.hvdCategory && [words.category, words.categories[dataset.hvdCategory]],
    municipalities.length > 0 ? [words.municipalities, municipalities.map(({ name }) => name).join(', ')] : undefined,
  ];
  return el(
    'dl',
    { class: 'about' },
    rows.flatMap((row) => (row ? [el('div', null, el('dt', null, row[0]), el('dd', null, row[1]))] : [])),
  );
};

const contactPiece = ({ name, email, url }: ReturnType<typeof contactOf>): Piece => [
  url === undefined ? name : el('a', { href: url }, name),
  email === undefined ? null : [', ', el('a', { href: `mailto:${email}` }, email)],
];

/** When values are seen: in one sentence where all municipalities decided alike. */
const publicationPiece = ({ dataset, terms }: PublicDataset, tongue: Tongue): Piece => {
  const { words, duration } = tongue;
  const delays = [...Map.groupBy(terms, ({ delayMinutes }) => delayMinutes)].sort(([a], [b]) => a - b);
  const [only] = delays;
  const general = dataset.visibility === 'delayed' ? dataset.delayMinutes : 0;
  const sentences =
    delays.length > 1
      ? delays.map(([delay, places]) =>
          delay === 0 ? words.atOnceIn(namesOf(places)) : words.delayedIn(duration(delay), namesOf(places)),
        )
      : [(only?.[0] ?? general) === 0 ? words.atOnce : words.delayed(duration(only?.[0] ?? general))];
  const { smallestCount } = dataset;
  const all = smallestCount === undefined ? sentences : [...sentences, words.withheld(tongue.count(smallestCount - 1))];
  return all.map((sentence) => el('span', { class: 'sentence' }, sentence));
};

const namesOf = (terms: readonly Terms[]): string =>
  terms.map(({ municipality }) => municipality?.name ?? '–').join(', ');
