import type { Expand } from './options.ts';

/** Characters that may stand in a query as they are (RFC 3986 §3.4): links stay readable. */
const readable = /%(?:24|27|28|29|2C|2F|3A|3B|40)/g;
const plain: Readonly<Record<string, string>> = {
  '%24': '$', '%27': "'", '%28': '(', '%29': ')', '%2C': ',', '%2F': '/', '%3A': ':', '%3B': ';', '%40': '@',
}; // biome-ignore format: a table reads better in rows

/** A query string of options. */
export const queryOf = (options: Iterable<readonly [string, string]>): string =>
  [...options]
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replace(readable, (code) => plain[code] ?? code)}`)
    .join('&');

/** The address of a page with some options set and others taken out. */
export const pageLink = (
  address: string,
  options: ReadonlyMap<string, string>,
  changes: Readonly<Record<string, string | undefined>>,
): string => {
  const changed = new Map(options);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) changed.delete(name);
    else changed.set(name, value);
  }
  const query = queryOf(changed);
  return query === '' ? address : `${address}?${query}`;
};

/** Options of an expanded set but for where a page begins, written once for the thousands that are expanded alike. */
const queries = new WeakMap<ReadonlyMap<string, string>, string>();

/** The address of the rest of an expanded set; `begin` says where, and needs no encoding. */
export const expandedLink = (address: string, { navigation, text }: Expand, begin: string): string => {
  let query = queries.get(text);
  if (query === undefined) {
    query = queryOf([...text].filter(([name]) => name !== '$skip' && name !== '$skiptoken'));
    queries.set(text, query);
  }
  return `${address}/${navigation.name}?${query}${query === '' ? '' : '&'}${begin}`;
};
