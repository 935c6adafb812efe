import type { ApiSettings } from '../api-config.ts';
import type { DumpFile } from '../catalogue/distribution.ts';
import { interfacesOf } from '../catalogue/interfaces.ts';
import type { PublicDataset } from '../catalogue/public-dataset.ts';
import { aboutSection } from './about-section.ts';
import { callsFor } from './calls.ts';
import { chartSection } from './chart-section.ts';
import { el, type Piece } from './element.ts';
import type { PageFacts } from './page-facts.ts';
import { qualitySection } from './quality-section.ts';
import { MAX_MARKS, siteMap } from './site-map.ts';
import type { Tongue } from './tongue.ts';
import { valueTable } from './value-table.ts';

const MAX_LISTED_SITES = 200;
const MAX_MONTHS = 12;

export interface PageOptions {
  readonly tongue: Tongue;
  readonly base: string;
  readonly timeZone: string;
  readonly config: Pick<ApiSettings, 'contact' | 'catalogue' | 'publicMqttUrl'>;
  /** Newest first. */
  readonly dumps: readonly DumpFile[];
}

/** Everything about one dataset, from what it is to how to use it. */
export const datasetPage = (entry: PublicDataset, facts: PageFacts, options: PageOptions): Piece => {
  const { tongue } = options;
  const { words, language } = tongue;
  const { dataset, streams, sites } = entry;
  const { count } = tongue;
  return [
    el(
      'nav',
      { class: 'breadcrumb', 'aria-label': words.breadcrumb },
      el('a', { href: `/${language}/data` }, words.listTitle),
      ' › ',
      el('span', { 'aria-current': 'page' }, dataset.title[language]),
    ),
    el(
      'header',
      { class: 'page-title' },
      el('h1', null, dataset.title[language]),
      el('p', { class: 'lead' }, dataset.description[language]),
      el('p', { class: 'chips' }, [
        chip(words.datastreams(count(streams.length))),
        sites.length > 0 ? chip(words.sites(count(sites.length))) : null,
        dataset.hvdCategory === undefined ? null : chip(words.highValue),
        facts.extent ? chip(`${words.newest}: ${tongue.time(facts.extent.newest)}`) : chip(words.noValues),
      ]),
    ),
    el(
      'div',
      { class: 'pair' },
      section('about', words.facts, aboutSection(entry, { ...options, extent: facts.extent })),
      section('map', words.map, mapPiece(entry, tongue)),
    ),
    facts.charts.length + facts.states.length > 0
      ? section('chart', words.chart, chartSection(facts, { ...options, streams }))
      : null,
    facts.rows.length > 0 ? section('values', words.table, valuesPiece(entry, facts, tongue)) : null,
    facts.quality
      ? section('quality', words.qualityTitle, qualitySection(facts.quality, tongue, streams.length))
      : null,
    section('downloads', words.downloads, downloadsPiece(entry, options)),
    section('calls', words.calls, callsPiece(entry, facts, options)),
    el('p', { class: 'as-of' }, words.asOf(tongue.time(facts.at))),
  ];
};

const chip = (text: string): Piece => el('span', { class: 'chip' }, text);

const section = (id: string, title: string, content: Piece): Piece =>
  el('section', { id, 'aria-labelledby': `${id}-title` }, el('h2', { id: `${id}-title` }, title), content);

const mapPiece = (entry: PublicDataset, tongue: Tongue): Piece => {
  const { words, count } = tongue;
  const { box, sites, municipalities } = entry;
  if (!box) return el('p', null, words.noPlace);
  const names = new Map(municipalities.map(({ id, name }) => [id, name]));
  const degrees = [box.west, box.south, box.east, box.north].map((value) => value.toFixed(4)).join(', ');
  return [
    el(
      'figure',
      null,
      siteMap(entry, tongue),
      el(
        'figcaption',
        null,
        words.mapCaption(degrees),
        sites.length > MAX_MARKS ? ` ${words.sitesOf(count(MAX_MARKS), count(sites.length))}` : null,
      ),
    ),
    el(
      'details',
      null,
      el('summary', null, words.allSites(count(sites.length))),
      el(
        'ul',
        { class: 'sites' },
        sites.slice(0, MAX_LISTED_SITES).map(
          ({
            name,
            municipality,
            geometry: {
              coordinates: [longitude, latitude],
            },
          }) =>
            el(
              'li',
              null,
              name,
              el('small', null, `${names.get(municipality) ?? ''} · ${latitude.toFixed(5)}, ${longitude.toFixed(5)}`),
            ),
        ),
        sites.length > MAX_LISTED_SITES
          ? el('li', null, words.moreSites(count(sites.length - MAX_LISTED_SITES)))
          : null,
      ),
    ),
  ];
};

const valuesPiece = ({ dataset, streams }: PublicDataset, { rows }: PageFacts, tongue: Tongue): Piece => {
  const { words, count } = tongue;
  return [
    el(
      'p',
      null,
      rows.length < streams.length ? `${words.tableOf(count(rows.length), count(streams.length))} ` : null,
      el('a', { href: `/api/v1/latest?dataset=${dataset.id}` }, words.allValues),
    ),
    valueTable(rows, tongue, 'values-title'),
  ];
};

const downloadsPiece = (entry: PublicDataset, { tongue, base, config, dumps }: PageOptions): Piece => {
  const { language } = tongue;
  return [
    el(
      'ul',
      { class: 'downloads' },
      interfacesOf(entry, { base, mqttUrl: config.publicMqttUrl }).map(({ title, description, accessUrl }) =>
        el('li', null, el('a', { href: accessUrl }, title[language]), el('span', null, description[language])),
      ),
    ),
    dumps.length > 0 ? dumpsPiece(entry, dumps, tongue) : null,
  ];
};

/** The newest months; the whole list has their checksums. */
const dumpsPiece = (
  { dataset: { id } }: PublicDataset,
  dumps: readonly DumpFile[],
  { words, bytes }: Tongue,
): Piece => {
  const months = [...Map.groupBy(dumps, ({ month }) => month)];
  return [
    el('h3', { id: 'dumps' }, words.dumps),
    el('p', { class: 'hint' }, words.dumpsHint, ' ', el('a', { href: `/api/v1/datasets/${id}/dumps` }, words.allDumps)),
    el(
      'ul',
      { class: 'dumps' },
      months.slice(0, MAX_MONTHS).map(([month, files]) =>
        el(
          'li',
          null,
          el('b', null, month),
          files.map((file) => el('a', { href: file.path }, `${formatNames[file.format]} (${bytes(file.bytes)})`)),
        ),
      ),
    ),
  ];
};

const formatNames = { csv: 'CSV', parquet: 'Parquet' } as const;

const callsPiece = ({ dataset }: PublicDataset, { at }: PageFacts, { tongue, base, config }: PageOptions): Piece => {
  const { words } = tongue;
  const calls = callsFor({ base, dataset: dataset.id, now: at, words, mqttUrl: config.publicMqttUrl });
  return [
    el('p', null, words.callsHint),
    calls.map(({ id, title, hint, text }) =>
      el(
        'div',
        { class: 'call' },
        el('h3', { id: `call-${id}` }, title),
        hint === undefined ? null : el('p', { class: 'hint' }, hint),
        el('pre', { tabindex: 0, 'aria-labelledby': `call-${id}` }, el('code', { class: 'copy' }, text)),
      ),
    ),
  ];
};
