import { HubError } from '../../model/errors.ts';
import { type EntitySet, idNames, isEntitySet, navigationOf, propertyOf, selfLinkNames } from './entity-model.ts';

/** A step to entities: a set, one of a set by number, or the one that a link leads to. */
export interface EntityStep {
  /** As it is written: the set or the link. */
  readonly name: string;
  readonly set: EntitySet;
  /** It leads to a set of entities and not to one. */
  readonly many: boolean;
  readonly number?: number;
}

export interface ResourcePath {
  /** None: the service's root. */
  readonly steps: readonly EntityStep[];
  /** Path of a property below the last entity, e.g. `properties/slug`. */
  readonly property: readonly string[];
  /** The bare value is asked for. */
  readonly value: boolean;
  /** Addresses are asked for. */
  readonly ref: boolean;
}

const MAX_STEPS = 12;
const STEP = /^([A-Za-z]{1,60})(?:\(([^()]{1,60})\))?$/;

const missing = (text: string) => new HubError('HUB_NOT_FOUND', `There is nothing at ${text.slice(0, 200) || '/'}`);

/**
 * Reads a resource path below the service's root (18-088 §9.2), e.g. `Things(1)/Datastreams(2)/Observations` or
 * `Datastreams(2)/name/$value`. Throws HUB_NOT_FOUND for what can lead nowhere.
 */
export const parsePath = (text: string): ResourcePath => {
  const parts = partsOf(text);
  if (parts.length > MAX_STEPS) throw missing(text);
  const last = parts.at(-1);
  const value = last === '$value';
  const ref = last === '$ref';
  if (value || ref) parts.pop();
  const steps: EntityStep[] = [];
  while (parts.length > 0) {
    const step = stepAfter(steps.at(-1), parts[0] ?? '', text);
    if (!step) break;
    steps.push(step);
    parts.shift();
  }
  const end = steps.at(-1);
  const bad =
    (parts.length > 0 && !isPropertyOf(end, parts)) ||
    (value && parts.length === 0) ||
    (ref && (parts.length > 0 || !end));
  if (bad) throw missing(text);
  return { steps, property: parts, value, ref };
};

const partsOf = (text: string): string[] => {
  const trimmed = text.replace(/^\//, '').replace(/\/$/, '');
  if (trimmed === '') return [];
  return trimmed.split('/').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw missing(text);
    }
  });
};

const stepAfter = (before: EntityStep | undefined, part: string, text: string): EntityStep | undefined => {
  const [, name = '', key] = STEP.exec(part) ?? [];
  const navigation = before && !before.many ? navigationOf(before.set, name) : undefined;
  const set = before ? navigation?.set : isEntitySet(name) && name;
  if (!set) {
    if (!before || before.many || key !== undefined) throw missing(text);
    return undefined;
  }
  const isSet = navigation?.many ?? true;
  if (key === undefined) return { name, set, many: isSet };
  if (!isSet || !/^\d{1,19}$/.test(key)) throw missing(text);
  return { name, set, many: false, number: Number(key) };
};

const isPropertyOf = (end: EntityStep | undefined, [first = '', ...rest]: readonly string[]): boolean => {
  if (!end || end.many) return false;
  if (idNames.includes(first) || selfLinkNames.includes(first)) return rest.length === 0;
  return propertyOf(end.set, first) !== undefined;
};
