import { expectOk, type HubCall } from './with-hub.ts';

/** Every entry of a list of the API, page after page. */
export const allPages = async <T>(call: HubCall, path: string): Promise<T[]> => {
  const items: T[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const page = expectOk(await call('GET', next)) as { items: T[]; next?: string };
    items.push(...page.items);
    next = page.next;
  }
  return items;
};
