import type { Entity } from './entity.ts';

/** What there is, ETSI GS CIM 009 §5.7.5 to §5.7.10. */

/** Attributes of a type, with the kinds in which they come. */
const attributesOf = (entities: readonly Entity[]): Map<string, Set<string>> => {
  const found = new Map<string, Set<string>>();
  for (const { attributes } of entities) {
    for (const [name, instances] of attributes) {
      const kinds = found.get(name) ?? new Set();
      for (const { type } of instances) kinds.add(type);
      found.set(name, kinds);
    }
  }
  return found;
};

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

export const typeList = (entities: readonly Entity[], details: boolean): object => {
  const byType = Map.groupBy(entities, ({ type }) => type);
  const names = sorted(byType.keys());
  if (!details) return { id: 'urn:ngsi-ld:EntityTypeList:plietsch', type: 'EntityTypeList', typeList: names };
  return names.map((typeName) => ({
    id: typeName,
    type: 'EntityType',
    typeName,
    attributeNames: sorted(attributesOf(byType.get(typeName) ?? []).keys()),
  }));
};

/** Undefined where there is no entity of the type. */
export const typeInfo = (entities: readonly Entity[], typeName: string): object | undefined => {
  const own = entities.filter(({ type }) => type === typeName);
  if (own.length === 0) return undefined;
  return {
    id: typeName,
    type: 'EntityTypeInfo',
    typeName,
    entityCount: own.length,
    attributeDetails: [...attributesOf(own)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([attributeName, kinds]) => ({
        id: attributeName,
        type: 'Attribute',
        attributeName,
        attributeTypes: sorted(kinds),
      })),
  };
};

export const attributeList = (entities: readonly Entity[], details: boolean): object => {
  const names = sorted(attributesOf(entities).keys());
  if (!details) return { id: 'urn:ngsi-ld:AttributeList:plietsch', type: 'AttributeList', attributeList: names };
  return names.map((name) => ({
    id: name,
    type: 'Attribute',
    attributeName: name,
    typeNames: typesWith(entities, name),
  }));
};

/** Undefined where no entity has the attribute. */
export const attributeInfo = (entities: readonly Entity[], attributeName: string): object | undefined => {
  const own = entities.filter(({ attributes }) => attributes.has(attributeName));
  if (own.length === 0) return undefined;
  return {
    id: attributeName,
    type: 'Attribute',
    attributeName,
    attributeCount: own.length,
    attributeTypes: sorted(attributesOf(own).get(attributeName) ?? []),
    typeNames: typesWith(own, attributeName),
  };
};

const typesWith = (entities: readonly Entity[], name: string): string[] =>
  sorted(entities.filter(({ attributes }) => attributes.has(name)).map(({ type }) => type));
