import { DataFactory } from 'n3';
import type { Dataset } from '../../model/registry.ts';

/** Prefixes of the catalogue; every property of it is named by one of them. */
export const prefixes = {
  adms: 'http://www.w3.org/ns/adms#',
  dcat: 'http://www.w3.org/ns/dcat#',
  dcatap: 'http://data.europa.eu/r5r/',
  dcatde: 'http://dcat-ap.de/def/dcatde/',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  geo: 'http://www.opengis.net/ont/geosparql#',
  locn: 'http://www.w3.org/ns/locn#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  spdx: 'http://spdx.org/rdf/terms#',
  vcard: 'http://www.w3.org/2006/vcard/ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const;
/** Of literals without another type. */
export const XSD_STRING = `${prefixes.xsd}string`;
export type Prefix = keyof typeof prefixes;

/** An IRI by prefix and name. */
export const term = (prefix: Prefix, name: string) => DataFactory.namedNode(prefixes[prefix] + name);

const EU = 'http://publications.europa.eu/resource/authority';
const IANA = 'https://www.iana.org/assignments/media-types';

/** Entries of the vocabularies of the EU's Publications Office and of DCAT-AP.de. */
export const euTheme = (code: Dataset['themes'][number]): string => `${EU}/data-theme/${code}`;
export const euLanguage = (code: 'DEU' | 'ENG'): string => `${EU}/language/${code}`;
export const euFileType = (code: string): string => `${EU}/file-type/${code}`;
export const euDatasetType = (code: 'SYNTHETIC_DATA'): string => `${EU}/dataset-type/${code}`;
export const ianaMediaType = (type: string): string => `${IANA}/${type}`;
export const THEME_TAXONOMY = `${EU}/data-theme`;
export const PUBLIC_ACCESS = `${EU}/access-right/PUBLIC`;
export const AVAILABLE = `${EU}/planned-availability/AVAILABLE`;
export const LOCAL_AUTHORITY = 'http://purl.org/adms/publishertype/LocalAuthority';
export const SHA256 = 'http://spdx.org/rdf/terms#checksumAlgorithm_sha256';

const frequencies = {
  continuous: 'CONT',
  hourly: 'HOURLY',
  daily: 'DAILY',
  weekly: 'WEEKLY',
  monthly: 'MONTHLY',
  irregular: 'IRREG',
} as const satisfies Record<Dataset['updateRhythm'], string>;
export const euFrequency = (rhythm: Dataset['updateRhythm']): string => `${EU}/frequency/${frequencies[rhythm]}`;

const hvdCodes = {
  geospatial: 'c_ac64a52d',
  'earth-observation-and-environment': 'c_dd313021',
  meteorological: 'c_164e0bf5',
  statistics: 'c_e1da4e07',
  companies: 'c_a9135398',
  mobility: 'c_b79e35eb',
} as const satisfies Record<NonNullable<Dataset['hvdCategory']>, string>;
/** Category of high-value datasets, as DCAT-AP HVD 3.0 wants it. */
export const hvdCategory = (category: NonNullable<Dataset['hvdCategory']>): string =>
  `http://data.europa.eu/bna/${hvdCodes[category]}`;
/** Implementing Regulation (EU) 2023/138. */
export const HVD_REGULATION = 'http://data.europa.eu/eli/reg_impl/2023/138/oj';

const geocoding = 'http://dcat-ap.de/def/politicalGeocoding';
const keyKinds: Readonly<Record<number, string>> = {
  2: 'stateKey',
  3: 'governmentDistrictKey',
  5: 'districtKey',
  8: 'municipalityKey',
  9: 'municipalAssociationKey',
  12: 'regionalKey',
};
/** IRI of the area of an official key (AGS or ARS); undefined for a length that no kind of key has. */
export const areaOf = (key: string): string | undefined => {
  const kind = keyKinds[key.length];
  return kind && `${geocoding}/${kind}/${key}`;
};
/** Level of the public body that a key names. */
export const geocodingLevel = (key: string): string => {
  if (key.length <= 2) return `${geocoding}/Level/state`;
  return `${geocoding}/Level/${key.length <= 5 ? 'administrativeDistrict' : 'municipality'}`;
};

/** Portals from which GovData takes over, by the number of the state in which an official key begins. */
const portals: Readonly<Record<string, string>> = {
  '01': 'schleswigHolstein',
  '02': 'transparenzportalHamburg',
  '03': 'landNiedersachsen',
  '04': 'transparenzportalBremen',
  '05': 'openNRW',
  '06': 'hessen',
  '07': 'openGovernmentDataPortalRheinlandPfalz',
  '08': 'datenBW',
  '09': 'openDataBayern',
  '11': 'berlinOpenData',
  '12': 'openDataBrandenburg',
  '13': 'mecklenburgVorpommern',
  '14': 'freistaatSachsen',
  '15': 'landSachsenAnhalt',
};
export const contributorOf = (key: string): string =>
  `http://dcat-ap.de/def/contributors/${portals[key.slice(0, 2)] ?? 'govData'}`;
