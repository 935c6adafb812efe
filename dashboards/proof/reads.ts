/** The parts of an InfluxQL query that read a measurement: from its FROM to the bracket that ends it. */
export const readsOf = (query: string): string[] =>
  [...query.matchAll(/\bFROM\s+(?!\()/g)].map(({ index }) => {
    let depth = 0;
    let end = index;
    for (; end < query.length && depth >= 0; end++) {
      if (query[end] === '(') depth++;
      else if (query[end] === ')') depth--;
    }
    return query.slice(index, depth < 0 ? end - 1 : end);
  });
