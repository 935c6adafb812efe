import type { ApiSettings } from '../api-config.ts';
import type { DumpFile } from '../catalogue/distribution.ts';
import type { Showcase } from '../catalogue/showcase.ts';
import { datasetPage } from './dataset-page.ts';
import { writePage } from './layout.ts';
import { type Listed, listPage } from './list-page.ts';
import type { Look } from './look.ts';
import { notFoundPage } from './not-found-page.ts';
import { createFacts } from './page-facts.ts';
import { structuredCatalogue, structuredDataset } from './schema-org.ts';
import { sitemapXml } from './sitemap.ts';
import { createTongue, type Language } from './tongue.ts';

export interface DocumentDeps {
  readonly showcase: Showcase;
  readonly config: ApiSettings;
  readonly dumpsOf: (dataset: string) => Promise<readonly DumpFile[]>;
}

/** Datasets on the list: beyond, people look for them in a portal. */
const MAX_LISTED = 1_000;
/** Characters of a description that search engines show. */
const SHOWN_DESCRIPTION = 300;

/** Where and in which language a page is read. */
export interface Place {
  readonly language: Language;
  /** Address of this hub, without a slash at its end. */
  readonly base: string;
}

/** The texts of all pages; undefined for a dataset that is not there. */
export interface Documents {
  list(place: Place): Promise<string>;
  dataset(place: Place, id: string): Promise<string | undefined>;
  notFound(place: Place): string;
  sitemap(base: string): Promise<string>;
}

export const createDocuments = ({ showcase, config, dumpsOf }: DocumentDeps, look: Look): Documents => {
  const { timeZone, version, demo: isDemo } = config;
  const tongues = { de: createTongue('de', timeZone), en: createTongue('en', timeZone) };
  const factsOf = createFacts(showcase);
  const frame = ({ language, base }: Place) => ({ tongue: tongues[language], base, look, version, isDemo });
  const listed = async (): Promise<Listed[]> => {
    const found: Listed[] = [];
    for (const entry of showcase.datasets().slice(0, MAX_LISTED)) {
      found.push({ entry, extent: await showcase.extent(entry) });
    }
    return found;
  };
  return {
    list: async (place) => {
      const { words } = tongues[place.language];
      const entries = await listed();
      const title = config.catalogue.title ?? words.listTitle;
      const structured = structuredCatalogue(
        entries.map(({ entry }) => entry),
        { ...place, title },
      );
      const page = { path: '/data', title: words.listTitle, description: words.listLead, structured };
      return writePage({ ...frame(place), ...page }, listPage(entries, tongues[place.language]));
    },
    dataset: async (place, id) => {
      const entry = showcase.dataset(id);
      if (!entry) return undefined;
      const { language, base } = place;
      const [facts, dumps] = await Promise.all([factsOf(entry), dumpsOf(id)]);
      const content = datasetPage(entry, facts, { tongue: tongues[language], base, timeZone, config, dumps });
      const page = {
        path: `/data/${id}`,
        title: entry.dataset.title[language],
        description: entry.dataset.description[language].slice(0, SHOWN_DESCRIPTION),
        structured: structuredDataset(entry, { base, language, extent: facts.extent }),
      };
      return writePage({ ...frame(place), ...page }, content);
    },
    notFound: (place) => {
      const { words } = tongues[place.language];
      const page = { path: '/data', title: words.notFoundTitle, description: words.notFound, isHidden: true };
      return writePage({ ...frame(place), ...page }, notFoundPage(tongues[place.language]));
    },
    sitemap: async (base) => sitemapXml(await listed(), base),
  };
};
