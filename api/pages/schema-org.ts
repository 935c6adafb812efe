import { observedProperties } from '../../model/observed-properties.ts';
import { units } from '../../model/units.ts';
import { datasetIri } from '../catalogue/dataset-description.ts';
import { dayText } from '../catalogue/description.ts';
import { interfacesOf } from '../catalogue/interfaces.ts';
import { attributionOf, licenceTerms } from '../catalogue/licences.ts';
import type { Extent, PublicDataset } from '../catalogue/public-dataset.ts';
import type { Language } from './tongue.ts';

interface StructuredOptions {
  readonly base: string;
  readonly language: Language;
  readonly extent?: Extent | undefined;
}

const CONTEXT = 'https://schema.org';
/** Characters of a description that Google's dataset search asks for at least. */
const SHORTEST = 50;

/** A dataset as schema.org describes one, for search engines. */
export const structuredDataset = (entry: PublicDataset, { base, language, extent }: StructuredOptions): object => {
  const { dataset, publisher, box, streams, municipalities } = entry;
  const title = dataset.title[language];
  const description = dataset.description[language];
  const properties = [...new Set(streams.map(({ datastream }) => datastream.property))].sort();
  const files = interfacesOf(entry, { base }).filter(({ isDownload }) => isDownload);
  return {
    '@context': CONTEXT,
    '@type': 'Dataset',
    '@id': datasetIri(base, dataset.id),
    url: `${base}/${language}/data/${dataset.id}`,
    name: title,
    description: description.length < SHORTEST ? `${title}: ${description}` : description,
    inLanguage: ['de', 'en'],
    identifier: datasetIri(base, dataset.id),
    license: licenceTerms[dataset.licence].url,
    isAccessibleForFree: true,
    creditText: attributionOf(dataset, publisher.name),
    publisher: { '@type': 'GovernmentOrganization', name: publisher.name, identifier: publisher.key },
    creator: { '@type': 'GovernmentOrganization', name: publisher.name },
    includedInDataCatalog: { '@type': 'DataCatalog', url: `${base}/${language}/data` },
    ...(extent && { temporalCoverage: `${dayText(extent.from)}/..`, dateModified: dayText(extent.newest) }),
    ...((box || municipalities.length > 0) && {
      spatialCoverage: {
        '@type': 'Place',
        ...(municipalities.length > 0 && { name: municipalities.map(({ name }) => name).join(', ') }),
        ...(box && {
          geo: { '@type': 'GeoShape', box: `${box.south} ${box.west} ${box.north} ${box.east}` },
        }),
      },
    }),
    ...(properties.length > 0 && { variableMeasured: properties.flatMap((id) => variable(id, language)) }),
    distribution: files.map(({ title: name, accessUrl, mediaType }) => ({
      '@type': 'DataDownload',
      name: name[language],
      contentUrl: accessUrl,
      encodingFormat: mediaType,
    })),
  };
};

/** The list of datasets. */
export const structuredCatalogue = (
  entries: readonly PublicDataset[],
  { base, language, title }: StructuredOptions & { readonly title: string },
): object => ({
  '@context': CONTEXT,
  '@type': 'DataCatalog',
  name: title,
  url: `${base}/${language}/data`,
  dataset: entries.map(({ dataset }) => ({
    '@type': 'Dataset',
    '@id': datasetIri(base, dataset.id),
    name: dataset.title[language],
    description: dataset.description[language],
    url: `${base}/${language}/data/${dataset.id}`,
    license: licenceTerms[dataset.licence].url,
  })),
});

const variable = (id: string, language: Language): object[] => {
  const property = observedProperties.get(id);
  if (!property) return [];
  const symbol = units[property.unit].symbol;
  return [
    {
      '@type': 'PropertyValue',
      name: property.name[language],
      propertyID: property.definition,
      ...(symbol !== '' && { unitText: symbol }),
    },
  ];
};
