import { useEffect, useState } from 'preact/hooks';
import { changedUrl, parseUrl, type UrlChange, type UrlState } from '../url-state.ts';

interface Url extends UrlState {
  /** Where a link with this change leads. */
  readonly href: (change: UrlChange) => string;
  /** A step that the back button undoes. */
  readonly go: (change: UrlChange) => void;
  /** A change in passing, such as each letter of a search. */
  readonly replace: (change: UrlChange) => void;
}

export const useUrl = (): Url => {
  const [search, setSearch] = useState(location.search);
  useEffect(() => {
    const read = () => setSearch(location.search);
    addEventListener('popstate', read);
    return () => removeEventListener('popstate', read);
  }, []);
  const href = (change: UrlChange) => changedUrl(location.search, change);
  const change = (how: 'pushState' | 'replaceState') => (what: UrlChange) => {
    history[how](null, '', href(what) + location.hash);
    setSearch(location.search);
  };
  return { ...parseUrl(search), href, go: change('pushState'), replace: change('replaceState') };
};
