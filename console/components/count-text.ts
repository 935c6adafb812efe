import type { Dictionary } from '../dictionary.ts';

export const countText = (useCase: string, count: number, t: Dictionary): string => {
  const texts: Readonly<Record<string, (n: number) => string>> = t.count;
  return texts[useCase]?.(count) ?? String(count);
};
