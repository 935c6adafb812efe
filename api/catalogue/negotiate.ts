/** What an Accept or Accept-Language header wants most of what there is; the first of `offered` where it does not care. */
export const negotiate = <T extends string>(header: string | undefined, offered: readonly [T, ...T[]]): T => {
  const wishes = (header ?? '')
    .slice(0, 1_000)
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { range, weight: weight === undefined ? 1 : Number(weight) || 0 };
    });
  const weightOf = (one: T): number =>
    wishes.filter(({ range }) => fits(range, one)).sort((a, b) => precision(b.range) - precision(a.range))[0]?.weight ??
    0;
  return offered
    .map((one) => ({ one, weight: weightOf(one) }))
    .reduce((best, other) => (other.weight > best.weight ? other : best)).one;
};

/** Media ranges (RFC 9110 §12.5.1) and language ranges (RFC 4647 §3.3.1: `de` is asked for by `de-AT` here too). */
const fits = (range: string, offered: string): boolean =>
  range === offered ||
  range === '*' ||
  range === '*/*' ||
  (range.endsWith('/*') && offered.startsWith(range.slice(0, -1))) ||
  range.startsWith(`${offered}-`);

const precision = (range: string): number => (range.includes('*') ? range.length - 10 : range.length);
