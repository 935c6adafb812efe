import type { Fault } from './errors.ts';
import { observedProperties } from './observed-properties.ts';
import type { RegionKind } from './region-entity.ts';
import { parseRfc3339 } from './time.ts';

/** Whether the hub already knows an entry. */
export type Registered = (kind: RegionKind, id: string) => boolean;

/** An entry of a file and where its fields stand in it. What does not follow its schema is looked at all the same. */
export interface Located {
  readonly kind: RegionKind;
  readonly put: unknown;
  at(field?: string, position?: number): { readonly path: string; readonly line: number };
}

/** What no schema of a single entry can see: duplicate ids, references to nothing, circles, spans that end before they begin. */
export const checkReferences = (located: readonly Located[], registered: Registered = () => false): Fault[] => {
  const faults: Fault[] = [];
  const seen = new Map<string, Located>();
  for (const entry of located) {
    const id = textAt(entry.put, 'id');
    if (id === undefined) continue;
    const key = `${entry.kind} ${id}`;
    const first = seen.get(key);
    if (!first) seen.set(key, entry);
    else
      faults.push({
        ...entry.at('id'),
        message: `the ${entry.kind} "${id}" is already in line ${first.at('id').line}`,
      });
  }
  const exists: Registered = (kind, id) => seen.has(`${kind} ${id}`) || registered(kind, id);
  for (const entry of located) faults.push(...referenceFaults(entry, exists), ...ownFaults(entry));
  faults.push(...circleFaults(located));
  return faults;
};

/** The member at a dotted path, whatever the value is. */
const memberAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (holder, key) =>
        typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)
          ? (holder as Record<string, unknown>)[key]
          : undefined,
      value,
    );

const textAt = (value: unknown, path: string): string | undefined => {
  const member = memberAt(value, path);
  return typeof member === 'string' ? member : undefined;
};

/** The fields of each kind that name other entries. */
const references: Readonly<Record<RegionKind, Readonly<Record<string, RegionKind>>>> = {
  municipality: { parent: 'municipality' },
  site: { municipality: 'municipality' },
  thing: { site: 'site' },
  device: {},
  deployment: { device: 'device', thing: 'thing' },
  dataset: {
    publisher: 'municipality',
    perMunicipality: 'municipality',
    'members.municipalities': 'municipality',
    'members.things': 'thing',
  },
};

/** The texts of a field that holds one or a list, each with its position in the list, or of one that is keyed by them. */
const textsAt = (entry: Located, field: string): { readonly text: string; readonly position?: number }[] => {
  const member = memberAt(entry.put, field);
  if (typeof member === 'string') return [{ text: member }];
  if (typeof member === 'object' && member !== null && !Array.isArray(member))
    return Object.keys(member).map((text) => ({ text }));
  if (!Array.isArray(member)) return [];
  return member.flatMap((text: unknown, position) => (typeof text === 'string' ? [{ text, position }] : []));
};

const referenceFaults = (entry: Located, exists: Registered): Fault[] =>
  Object.entries(references[entry.kind]).flatMap(([field, kind]) =>
    textsAt(entry, field)
      .filter(({ text }) => !exists(kind, text))
      .map(({ text, position }) => ({
        ...entry.at(field, position),
        message: `there is no ${kind} "${text}"`,
        hint: 'add it, or name one that is registered',
      })),
  );

/** Rules that one entry breaks by itself. */
const ownFaults = (entry: Located): Fault[] => {
  const { kind, put } = entry;
  if (kind === 'thing' && textAt(put, 'kind') === 'device')
    return [{ ...entry.at('kind'), message: 'things of kind device are made by the hub', hint: 'leave it out' }];
  if (kind === 'thing' && memberAt(put, 'site') === undefined)
    return [{ ...entry.at(), message: 'a thing needs a site', hint: 'site: <id of a site>' }];
  if (kind === 'deployment') {
    const from = parseRfc3339(textAt(put, 'from') ?? '');
    const to = parseRfc3339(textAt(put, 'to') ?? '');
    if (from === undefined || to === undefined || to > from) return [];
    return [{ ...entry.at('to'), message: 'the deployment ends before it begins', hint: 'a time after "from"' }];
  }
  if (kind !== 'dataset') return [];
  return textsAt(entry, 'members.properties')
    .filter(({ text }) => !observedProperties.has(text))
    .map(({ text, position }) => ({
      ...entry.at('members.properties', position),
      message: `"${text}" is no observed property of this hub`,
    }));
};

/** Municipalities that are their own district's district; each is walked once. */
const circleFaults = (located: readonly Located[]): Fault[] => {
  const municipalities = located.filter(({ kind }) => kind === 'municipality');
  const parents = new Map(municipalities.map(({ put }) => [textAt(put, 'id'), textAt(put, 'parent')]));
  const walked = new Set<string>();
  const inCircle = new Set<string>();
  for (const start of parents.keys()) {
    const path: string[] = [];
    let step = start;
    while (step !== undefined && !walked.has(step)) {
      walked.add(step);
      path.push(step);
      step = parents.get(step);
    }
    const entered = step === undefined ? -1 : path.indexOf(step);
    if (entered >= 0) for (const id of path.slice(entered)) inCircle.add(id);
  }
  return municipalities
    .filter(({ put }) => inCircle.has(textAt(put, 'id') ?? ''))
    .map((entry) => ({ ...entry.at('parent'), message: `"${textAt(entry.put, 'id')}" belongs to itself` }));
};
