import { observedProperties } from '../../model/observed-properties.ts';
import { own } from '../../model/properties/define.ts';
import { type ThingKind, thingKinds } from '../../model/registry.ts';
import { camel, type Model, modelOf, models, OWN } from './models.ts';

/** The core terms of NGSI-LD come last, so that nothing takes their place (ETSI GS CIM 009 §5.5.7). */
export const CORE_CONTEXT = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.6.jsonld';
const STATUS = 'https://uri.etsi.org/ngsi-ld/status';

const SHARED_NAMES = ['name', 'address', 'dateObserved'] as const;
const ADDRESS_NAMES = ['addressLocality', 'addressCountry', 'streetAddress'] as const;

/** IRI of an attribute of an entity of this model. */
const attributeIri = (model: Model, name: string): string => {
  if (name === 'status') return STATUS;
  if ((SHARED_NAMES as readonly string[]).includes(name)) return model.shared + name;
  return model.namespace + name;
};

/** Terms that mean something else in each data model, and so have their meaning by the type (JSON-LD 1.1 §4.1.7). */
const scopedTerms = (model: Model): Record<string, string> => {
  const names = [
    ...Object.values(model.attributes).map(({ name }) => name),
    ...(model.furtherNames ?? []),
    ...SHARED_NAMES,
  ];
  return Object.fromEntries(names.map((name) => [name, attributeIri(model, name)]));
};

const typeTerm = (kind: ThingKind): [string, unknown] => {
  const model = modelOf(kind);
  const iri = typeIri(model);
  return [model.type, models[kind] ? { '@id': iri, '@context': scopedTerms(model) } : iri];
};

const typeIri = ({ namespace, type }: Model): string => namespace + type;

/** The type under its short name, whether it was asked for by that or by its IRI. */
export const typeNames: ReadonlyMap<string, string> = new Map(
  (Object.keys(thingKinds) as ThingKind[]).map(modelOf).flatMap((model) => [
    [model.type, model.type],
    [typeIri(model), model.type],
  ]),
);

/** Short names of an attribute that was asked for by name or by IRI; an IRI of several models has one name in each. */
export const attributeNames = (asked: string): readonly string[] => {
  if (!asked.includes(':')) return [asked];
  const found = new Set<string>();
  for (const kind of Object.keys(thingKinds) as ThingKind[]) {
    for (const [name, iri] of Object.entries(scopedTerms(modelOf(kind)))) if (iri === asked) found.add(name);
  }
  for (const [name, iri] of Object.entries(globalTerms)) if (iri === asked) found.add(name);
  return [...found];
};

const globalTerms: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...observedProperties.keys()].map((id) => [camel(id), own(id)])),
  ...Object.fromEntries(
    [...SHARED_NAMES, ...ADDRESS_NAMES].map((name) => [name, `https://smartdatamodels.org/${name}`]),
  ),
  license: 'http://purl.org/dc/terms/license',
  simulated: `${OWN}simulated`,
  quality: `${OWN}quality`,
};

/** The @context of all that this interface says. */
export const contextDocument = {
  '@context': [
    {
      '@version': 1.1,
      ...globalTerms,
      ...Object.fromEntries((Object.keys(thingKinds) as ThingKind[]).map(typeTerm)),
    },
    CORE_CONTEXT,
  ],
};
