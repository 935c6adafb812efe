import type { z } from 'zod';
import type { Fault } from './errors.ts';
import { type RegionEntity, type RegionList, refuse, regionListNames, regionLists } from './region-entity.ts';
import { checkReferences, type Located, type Registered } from './region-references.ts';
import { readYaml, type YamlSource } from './region-source.ts';
import { registrySchemas } from './registry.ts';

export interface RegionOptions {
  /** What the hub already knows; references to it are fine. */
  readonly registered?: Registered;
  /** Largest file in characters. */
  readonly maxLength?: number;
  /** Most entries in one file. */
  readonly maxEntries?: number;
}

/**
 * Reads a region file. Throws HUB_REGION_INVALID with every fault at once, each with path, message, 1-based line and,
 * where one is known, a hint. Pure.
 */
export const parseRegion = (text: string, options: RegionOptions = {}): RegionEntity[] => {
  const { maxLength = 20_000_000, maxEntries = 500_000 } = options;
  const tooLarge = (message: string) =>
    refuse('HUB_REGION_INVALID', [{ path: '', message, hint: 'split the file', line: 1 }]);
  if (text.length > maxLength) throw tooLarge(`${text.length} characters, at most ${maxLength} are read`);
  const source = readYaml(text);
  if ('faults' in source) throw refuse('HUB_REGION_INVALID', source.faults);
  const faults: Fault[] = [];
  const located = readLists(source, faults);
  if (located.length > maxEntries) throw tooLarge(`${located.length} entries, at most ${maxEntries} are read`);
  for (const entry of located) faults.push(...entry.faults);
  faults.push(...checkReferences(located, options.registered));
  if (faults.length > 0) throw refuse('HUB_REGION_INVALID', faults);
  return located.flatMap(({ entity }) => (entity ? [entity] : []));
};

interface ReadEntry extends Located {
  readonly entity?: RegionEntity;
  readonly faults: readonly Fault[];
}

const readLists = (source: YamlSource, faults: Fault[]): ReadEntry[] => {
  const { value } = source;
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    faults.push({
      path: '',
      message: 'a region file is a map of lists',
      hint: `write ${regionListNames.join(', ')}`,
      line: 1,
    });
    return [];
  }
  for (const [list, entries] of Object.entries(value)) {
    const line = source.lineOf([list]);
    if (!Object.hasOwn(regionLists, list))
      faults.push({
        path: list,
        message: `"${list}" is no list of a region file`,
        hint: `use ${regionListNames.join(', ')}`,
        line,
      });
    else if (!Array.isArray(entries) && entries !== null)
      faults.push({ path: list, message: 'a list is expected', hint: 'start each entry with "- "', line });
  }
  return regionListNames.flatMap((list) => {
    const entries: unknown = Object.hasOwn(value, list) ? (value as Record<string, unknown>)[list] : undefined;
    return Array.isArray(entries) ? entries.map((entry: unknown, i) => readEntry(source, [list, i], entry)) : [];
  });
};

const readEntry = (source: YamlSource, base: readonly [RegionList, number], entry: unknown): ReadEntry => {
  const kind = regionLists[base[0]];
  const parsed = registrySchemas[kind].safeParse(entry);
  return {
    kind,
    put: parsed.success ? parsed.data : entry,
    at: (field, position) => {
      const path = [...base, ...(field?.split('.') ?? []), ...(position === undefined ? [] : [position])];
      return { path: formatPath(path), line: source.lineOf(path) };
    },
    faults: parsed.success ? [] : parsed.error.issues.flatMap((issue) => faultsOf(source, base, issue)),
    ...(parsed.success && { entity: { kind, put: parsed.data } as RegionEntity }),
  };
};

const faultsOf = (source: YamlSource, base: readonly PropertyKey[], issue: z.core.$ZodIssue): Fault[] => {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const at = [...path, key];
      return { path: formatPath(at), message: `"${key}" is not known here`, line: source.lineOf(at) };
    });
  const written = source.writtenAt(path);
  const needsQuotes = issue.code === 'invalid_type' && issue.expected === 'string' && written !== undefined;
  const hint = needsQuotes ? `put it in quotes: "${written}"` : undefined;
  return [{ path: formatPath(path), message: issue.message, ...(hint && { hint }), line: source.lineOf(path) }];
};

/** `deployments[3].from` */
export const formatPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
