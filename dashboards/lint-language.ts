import type { DashboardJson } from './proof/grafana-json.ts';
import type { Language } from './text.ts';

/** Keys whose text people read, wherever they stand. */
const spokenKeys = new Set(['title', 'description', 'label', 'noValue', 'tooltip', 'alias', 'displayName']);
/** Parts that hold names for machines only. */
const silentKeys = new Set(['transformations', 'current', 'datasource', 'query', 'definition', 'tags', 'columns']);

interface Said {
  readonly path: string;
  readonly text: string;
}

/** Every text of a dashboard that people read. */
const saidIn = (value: unknown, path = ''): Said[] => {
  if (value === null || typeof value !== 'object') return [];
  const { id, value: inner, name } = value as { id?: unknown; value?: unknown; name?: unknown };
  const own = [
    ...(id === 'displayName' && typeof inner === 'string' ? [{ path: `${path}.value`, text: inner }] : []),
    ...(/annotations[.]list[.]\d+$/.test(path) && typeof name === 'string'
      ? [{ path: `${path}.name`, text: name }]
      : []),
  ];
  const isMapping = path.includes('mappings') || /properties[.]\d+[.]value/.test(path);
  return Object.entries(value).reduce<Said[]>((found, [key, each]) => {
    if (silentKeys.has(key)) return found;
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof each !== 'string') return found.concat(saidIn(each, here));
    return spokenKeys.has(key) || (key === 'text' && isMapping) ? found.concat({ path: here, text: each }) : found;
  }, own);
};

/** Words that give a language away. */
const givesAway: Readonly<Record<Language, RegExp>> = {
  de: /\b(the|of|and|with|from|per|newest|highest|chosen|values?|no data|stale|devices?|hours?|days?)\b/i,
  en: /\b(der|die|das|und|oder|mit|von|aus|je|letzte[rns]?|keine|höchste[rns]?|Geräte?|Stunden?|Tage?|Werte?)\b|[äöüß]/i,
};
/** Names, and what both languages call the same. */
const SHARED = /^(Hub|Wind|Dashboards|\$tag_\w+|\W*\d*\W*)$/;

/** What of a dashboard is not in its language. `other` is the same dashboard in the other one. */
export const foreignWords = (dashboard: DashboardJson, language: Language, other: DashboardJson): string[] => {
  const elsewhere = new Map(saidIn(other).map(({ path, text }) => [path, text]));
  return saidIn(dashboard).flatMap(({ path, text }) => {
    if (SHARED.test(text) || machineNames.has(text)) return [];
    const leftover = givesAway[language].exec(text)?.[0];
    if (leftover !== undefined) return [`${path}: "${text}" holds "${leftover}"`];
    return elsewhere.get(path) === text ? [`${path}: "${text}" is the same in both languages`] : [];
  });
};

/** Legends that a transformation takes up again, so that they must not change with the language. */
const machineNames = new Set(['seconds', 'commits']);
