import type { Attribute, Entity } from './entity.ts';

/** Normalized, simplified (keyValues) or concise: ETSI GS CIM 009 §4.5.2, §4.5.4, §4.5.3. */
export const formats = ['normalized', 'simplified', 'concise'] as const;
export type Format = (typeof formats)[number];

export interface Representation {
  readonly format: Format;
  /** Only these attributes; all where undefined. */
  readonly attrs: ReadonlySet<string> | undefined;
  /** Address of the @context, where the body carries it. */
  readonly context: string | undefined;
}

/** An entity as JSON. */
export const represent = ({ id, type, attributes }: Entity, { format, attrs, context }: Representation): object => {
  const shown = [...attributes].filter(([name]) => attrs === undefined || attrs.has(name));
  return {
    id,
    type,
    ...Object.fromEntries(shown.map(([name, instances]) => [name, forms[format](instances)])),
    ...(context !== undefined && { '@context': context }),
  };
};

const oneOrAll = <T>(instances: readonly T[]): T | readonly T[] => {
  const [first] = instances;
  return instances.length === 1 && first !== undefined ? first : instances;
};

const bare = ({ value, object }: Attribute): unknown => value ?? object;

const forms: Readonly<Record<Format, (instances: readonly Attribute[]) => unknown>> = {
  normalized: oneOrAll,
  concise: (instances) => oneOrAll(instances.map(concise)),
  // §4.5.4: several instances are told apart by their datasetId.
  simplified: (instances) =>
    instances.length === 1
      ? instances.map(bare)[0]
      : { dataset: Object.fromEntries(instances.map((one) => [one.datasetId ?? '@none', bare(one)])) },
};

const concise = ({ type, quality, ...rest }: Attribute): unknown => {
  if (type === 'Property' && Object.keys(rest).length === 1 && !quality) return rest.value;
  if (type === 'GeoProperty' && Object.keys(rest).length === 1) return rest.value;
  return { ...rest, ...(quality && { quality: quality.value }) };
};
