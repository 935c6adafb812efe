/** Forms in which tables are answered, with their media types. */
export const mediaTypes = {
  json: 'application/json',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
  geojson: 'application/geo+json',
} as const;
export type Format = keyof typeof mediaTypes;

/** Other names that clients ask by. */
const aliases: Readonly<Record<string, Format>> = {
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/parquet': 'parquet',
  'application/x-parquet': 'parquet',
};

interface Wish {
  readonly format: Format | undefined;
  readonly weight: number;
}

/**
 * The format that is liked best (RFC 9110 §12.5.1) among those that can be had: the first of them where nothing is said,
 * or where everything is refused. Long lists are not read to their end.
 */
export const negotiate = <F extends Format>(accept: string | undefined, offered: readonly [F, ...F[]]): F => {
  const wishes = (accept ?? '').slice(0, 1_000).split(',').map(wishOf);
  let best: { format: F; weight: number } | undefined;
  for (const { format, weight } of wishes) {
    const found = offered.find((one) => one === format);
    if (found && weight > (best?.weight ?? 0)) best = { format: found, weight };
  }
  return best?.format ?? offered[0];
};

const wishOf = (text: string): Wish => {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const format = (Object.keys(mediaTypes) as Format[]).find((name) => mediaTypes[name] === type) ?? aliases[type];
  return { format, weight: weight === undefined ? 1 : Number(weight) || 0 };
};
