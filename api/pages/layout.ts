import { Fragment, h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { el, type Piece } from './element.ts';
import type { Look } from './look.ts';
import type { Language, Tongue } from './tongue.ts';

export interface PageFrame {
  readonly tongue: Tongue;
  /** Address of this hub, without a slash at its end. */
  readonly base: string;
  /** Path behind the language, e.g. /data/levels. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly look: Look;
  readonly version: string;
  readonly isDemo: boolean;
  /** schema.org, for search engines. */
  readonly structured?: object | undefined;
  /** Search engines are to leave it out. */
  readonly isHidden?: boolean;
}

/** A whole document. It needs no script, and asks nobody else for anything. */
export const writePage = (frame: PageFrame, content: Piece): string => {
  const { tongue, structured } = frame;
  const data = structured === undefined ? '' : `<script type="application/ld+json">${scriptText(structured)}</script>`;
  return [
    `<!doctype html><html lang="${tongue.language}"><head>`,
    renderToString(h(Fragment, null, head(frame))),
    data,
    '</head>',
    renderToString(el('body', null, body(frame, content))),
    '</html>\n',
  ].join('');
};

/** Within a script element nothing is escaped but by JSON itself. */
const scriptText = (value: object): string => JSON.stringify(value).replaceAll('<', String.raw`\u003c`);

const head = ({ tongue, base, path, title, description, look, isHidden }: PageFrame): Piece => [
  el('meta', { charset: 'utf-8' }),
  el('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
  el('meta', { name: 'color-scheme', content: 'light dark' }),
  el('meta', { name: 'theme-color', content: '#0a4a70' }),
  el('meta', { name: 'description', content: description }),
  isHidden ? el('meta', { name: 'robots', content: 'noindex' }) : null,
  el('title', null, `${title} – plietsch`),
  el('link', { rel: 'icon', href: look.icon }),
  el('link', { rel: 'stylesheet', href: look.style }),
  ...(isHidden
    ? []
    : [
        el('link', { rel: 'canonical', href: `${base}/${tongue.language}${path}` }),
        el('link', { rel: 'alternate', hreflang: 'de', href: `${base}/de${path}` }),
        el('link', { rel: 'alternate', hreflang: 'en', href: `${base}/en${path}` }),
        el('link', { rel: 'alternate', hreflang: 'x-default', href: base + path }),
        el('link', { rel: 'alternate', type: 'text/turtle', href: '/catalog.ttl' }),
      ]),
];

const body = (frame: PageFrame, content: Piece): Piece => [
  el('a', { class: 'skip', href: '#main' }, frame.tongue.words.skip),
  header(frame),
  el('main', { id: 'main', tabindex: -1 }, content),
  footer(frame),
];

const names: readonly (readonly [Language, string])[] = [
  ['de', 'Deutsch'],
  ['en', 'English'],
];

const header = ({ tongue: { words, language }, path, isDemo }: PageFrame): Piece =>
  el(
    'header',
    { class: 'page-header' },
    el(
      'a',
      { class: 'brand', href: `/${language}/data` },
      mark(),
      el('span', null, el('strong', null, 'plietsch'), el('small', null, words.motto)),
    ),
    el(
      'div',
      { class: 'page-state' },
      isDemo ? el('span', { class: 'badge', title: words.simulatedHint }, words.simulated) : null,
      el('a', { class: 'to-live', href: '/' }, words.home),
      el(
        'nav',
        { class: 'languages', 'aria-label': words.language },
        names.map(([code, name]) =>
          el(
            'a',
            {
              href: `/${code}${path}`,
              lang: code,
              hreflang: code,
              'aria-label': name,
              'aria-current': code === language ? 'true' : undefined,
            },
            code.toUpperCase(),
          ),
        ),
      ),
    ),
  );

const mark = (): Piece =>
  el(
    'svg',
    { class: 'mark', viewBox: '0 0 48 48', 'aria-hidden': 'true' },
    el('circle', { cx: 24, cy: 13, r: 5, fill: 'var(--sun)' }),
    el(
      'g',
      { fill: 'none', stroke: 'currentColor', 'stroke-width': 3.6, 'stroke-linecap': 'round' },
      el('path', { d: 'M5 27c5-5 9-5 14 0s9 5 14 0 8-4.5 10-3' }),
      el('path', { d: 'M5 37c5-5 9-5 14 0s9 5 14 0 8-4.5 10-3', opacity: 0.6 }),
    ),
  );

const footer = ({ tongue: { words }, version }: PageFrame): Piece =>
  el(
    'footer',
    { class: 'page-footer' },
    el(
      'nav',
      { 'aria-label': words.footer },
      el('a', { href: '/docs' }, words.api),
      el('a', { href: '/catalog.ttl' }, words.catalogue),
    ),
    el('p', null, `plietsch ${version}`),
  );
