import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Sheets in this order: what comes later overrides. The console's own are shared as they are; it need not be built. */
const sheets = [
  ...['base', 'header', 'footer'].map((name) => `../../console/style/${name}.css`),
  ...['page', 'pictures', 'figures'].map((name) => `./style/${name}.css`),
];

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** What all pages look like. */
export interface Look {
  /** Path of the style sheet; it changes with its text. */
  readonly style: string;
  readonly css: string;
  /** The console's icon as a data URL. */
  readonly icon: string;
}

export const readLook = (): Look => {
  const css = sheets.map(read).join('\n');
  const hash = createHash('sha256').update(css).digest('hex').slice(0, 12);
  const icon = `data:image/svg+xml,${encodeURIComponent(read('../../console/icon.svg').trim())}`;
  return { style: `/data/style.${hash}.css`, css, icon };
};
