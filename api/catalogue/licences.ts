import type { Dataset } from '../../model/registry.ts';

interface LicenceTerms {
  readonly name: string;
  /** The text of the licence. */
  readonly url: string;
  /** Its entry in the vocabulary of DCAT-AP.de. */
  readonly dcatDe: string;
  /** The source must be named. */
  readonly asksForAttribution: boolean;
}

const dcatDe = (id: string): string => `http://dcat-ap.de/def/licenses/${id}`;

/** The licences under which datasets may be published. */
export const licenceTerms: Readonly<Record<Dataset['licence'], LicenceTerms>> = {
  'dl-de/by-2-0': {
    name: 'Datenlizenz Deutschland – Namensnennung – Version 2.0',
    url: 'https://www.govdata.de/dl-de/by-2-0',
    dcatDe: dcatDe('dl-by-de/2.0'),
    asksForAttribution: true,
  },
  'dl-de/zero-2-0': {
    name: 'Datenlizenz Deutschland – Zero – Version 2.0',
    url: 'https://www.govdata.de/dl-de/zero-2-0',
    dcatDe: dcatDe('dl-zero-de/2.0'),
    asksForAttribution: false,
  },
  'CC-BY-4.0': {
    name: 'Creative Commons Namensnennung 4.0 International (CC BY 4.0)',
    url: 'https://creativecommons.org/licenses/by/4.0/',
    dcatDe: dcatDe('cc-by/4.0'),
    asksForAttribution: true,
  },
  'CC0-1.0': {
    name: 'Creative Commons Zero 1.0 (CC0)',
    url: 'https://creativecommons.org/publicdomain/zero/1.0/',
    dcatDe: dcatDe('cc-zero'),
    asksForAttribution: false,
  },
};

/** Whether its licence asks for the source to be named, or it asks for it itself. */
export const asksForNaming = ({ licence, attribution }: Dataset): boolean =>
  licenceTerms[licence].asksForAttribution || attribution !== '';

/** Addresses of the licences of what is shown together. */
export const licenceUrls = (streams: readonly { readonly datasets: readonly Dataset[] }[]): string[] => {
  const licences = new Set(streams.flatMap(({ datasets }) => datasets.map(({ licence }) => licence)));
  return [...licences].map((licence) => licenceTerms[licence].url).sort();
};

/** How the source is to be named: what the dataset says, else its publisher. */
export const attributionOf = ({ attribution }: Dataset, publisher: string): string =>
  attribution === '' ? publisher : attribution;

/** The line to copy under a map or a text made of the data. */
export const attributionLine = (dataset: Dataset, publisher: string, page: string): string => {
  const { name, url } = licenceTerms[dataset.licence];
  return `${attributionOf(dataset, publisher)}, ${name} (${url}), ${page}`;
};
