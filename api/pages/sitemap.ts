import { dayText } from '../catalogue/description.ts';
import type { Listed } from './list-page.ts';
import { languages } from './tongue.ts';

/** Crawlers may read the pages and the catalogue; the API is for programs that know what they ask for. */
export const robotsText = (base: string): string =>
  ['User-agent: *', 'Allow: /', 'Disallow: /api/', 'Disallow: /ingest/', '', `Sitemap: ${base}/sitemap.xml`, ''].join(
    '\n',
  );

/** The pages in both languages, each naming the other (sitemaps.org, with the alternates that Google reads). */
export const sitemapXml = (listed: readonly Listed[], base: string): string => {
  const newest = listed.flatMap(({ extent }) => extent?.newest ?? []);
  const pages = [
    { path: '/data', changed: newest.length > 0 ? newest.reduce((a, b) => Math.max(a, b)) : undefined },
    ...listed.map(({ entry, extent }) => ({ path: `/data/${entry.dataset.id}`, changed: extent?.newest })),
  ];
  const urls = pages.flatMap(({ path, changed }) => {
    const links = languages.map(
      (code) => `<xhtml:link rel="alternate" hreflang="${code}" href="${base}/${code}${path}"/>`,
    );
    const day = changed === undefined ? '' : `<lastmod>${dayText(changed)}</lastmod>`;
    return languages.map((code) => `<url><loc>${base}/${code}${path}</loc>${day}${links.join('')}</url>`);
  });
  const namespaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset ${namespaces}>\n${urls.join('\n')}\n</urlset>\n`;
};
