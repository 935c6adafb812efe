import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFactory, Parser, type Quad, Store } from 'n3';
import SHACLValidator from 'rdf-validate-shacl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hvdCategories, licences, themes, updateRhythms } from '../../model/registry.ts';
import { demoRegion } from '../../simulator/demo-region.ts';
import { createTestApi, type TestApi } from '../testing.ts';

const beside = join(import.meta.dirname, '../../../shared/facts/dcat-ap-de');
const folder = process.env.PLIETSCH_TEST_DCAT_SHAPES ?? (existsSync(beside) ? beside : undefined);
const reason = folder === undefined ? ' (skipped: no shapes, name their folder by PLIETSCH_TEST_DCAT_SHAPES)' : '';

/** What the official shapes only check where it is there, and no dataset of ours may lack. */
const required = `
  @prefix sh: <http://www.w3.org/ns/shacl#> .
  @prefix dcat: <http://www.w3.org/ns/dcat#> .
  [] a sh:NodeShape ; sh:targetClass dcat:Dataset ;
    sh:property [ sh:path <http://dcat-ap.de/def/dcatde/contributorID> ; sh:minCount 1 ] ;
    sh:property [ sh:path dcat:contactPoint ; sh:minCount 1 ] ;
    sh:property [ sh:path dcat:theme ; sh:minCount 1 ] ;
    sh:property [ sh:path dcat:distribution ; sh:minCount 1 ] .`;

const read = (file: string): Quad[] => new Parser().parse(readFileSync(join(folder ?? '', file), 'utf8'));

describe.skipIf(folder === undefined)(`the catalogue against the shapes of DCAT-AP.de 3.0${reason}`, () => {
  let validator: SHACLValidator;
  let vocabularies: Quad[];
  let demo: TestApi;
  let demoQuads: Quad[];

  /** Violations and warnings, as the name of the property and of the severity. */
  const faultsOf = async (quads: readonly Quad[]): Promise<string[]> => {
    const report = await validator.validate(new Store([...quads, ...vocabularies]));
    return report.results.map(({ severity, path, focusNode, message }) =>
      [severity, path as { value?: string } | null, focusNode]
        .map((term) => (term as { value?: string } | null)?.value?.replace(/^.*[#/]/, '') ?? '?')
        .concat(message.map(({ value }) => value))
        .join(' '),
    );
  };
  const catalogueOf = async ({ app }: TestApi): Promise<Quad[]> =>
    new Parser().parse((await app.inject({ url: '/catalog.ttl', headers: { host: 'daten.example.org' } })).body);

  beforeAll(async () => {
    validator = new SHACLValidator(new Store([...read('shapes.ttl'), ...new Parser().parse(required)]) as never);
    vocabularies = read('vocabularies.ttl');
    demo = await createTestApi();
    for (const entity of demoRegion({ seed: 1 })) if ('put' in entity) demo.put(entity.kind, entity.put);
    await demo.measure('laboe-pegel-hafen-laboe', 'water_level', [0.1, 0.2]);
    demoQuads = await catalogueOf(demo);
  });
  afterAll(() => demo?.app.close());

  it('has nothing to object to in the demo region', async () => {
    expect(demoQuads.filter(({ object }) => object.value.endsWith('#Dataset'))).toHaveLength(6);
    expect(await faultsOf(demoQuads)).toEqual([]);
  });

  it('has nothing to object to with every licence, category, theme and rhythm, and with the least that is known', async () => {
    const api = await createTestApi();
    api.put('municipality', { id: 'here', name: 'Hier & <da>', key: '010570043043' });
    api.put('site', {
      id: 'place',
      name: 'Platz',
      municipality: 'here',
      geometry: { type: 'Point', coordinates: [10, 54] },
    });
    api.put('thing', { id: 'gauge', name: 'Pegel', kind: 'gauge', site: 'place' });
    await api.measure('gauge', 'water_level', [1]);
    const longest = Math.max(licences.length, hvdCategories.length, themes.length, updateRhythms.length);
    for (let i = 0; i < longest; i++) {
      api.put('dataset', {
        id: `set-${i}`,
        title: { de: `Titel "${i}"`, en: `Title \\ ${i}` },
        description: { de: 'Zeile\r\nZeile', en: 'a\u0001b' },
        publisher: 'here',
        licence: licences[i % licences.length],
        ...(i < themes.length && { themes: [themes[i]] }),
        ...(i < hvdCategories.length && { hvdCategory: hvdCategories[i] }),
        updateRhythm: updateRhythms[i % updateRhythms.length],
        ...(i % 2 === 0 && { contact: { name: 'Amt', ...(i % 4 === 0 && { email: 'amt@example.org' }) } }),
        visibility: 'open',
        members: i % 3 === 0 ? { kinds: ['meter'] } : {},
      });
    }
    const quads = await catalogueOf(api);
    await api.app.close();
    expect(quads.filter(({ object }) => object.value.endsWith('#Dataset'))).toHaveLength(longest);
    expect(await faultsOf(quads)).toEqual([]);
  });

  const DCT = 'http://purl.org/dc/terms/';
  const VCARD = 'http://www.w3.org/2006/vcard/ns#';
  const DCAT = 'http://www.w3.org/ns/dcat#';
  const without = (predicate: string) => (quads: Quad[]) => quads.filter((quad) => quad.predicate.value !== predicate);
  const instead = (predicate: string, iri: string) => (quads: Quad[]) =>
    quads.map((quad) =>
      quad.predicate.value === predicate
        ? DataFactory.quad(quad.subject, quad.predicate, DataFactory.namedNode(iri))
        : quad,
    );
  it.each<[string, (quads: Quad[]) => Quad[]]>([
    ['no licence', without(`${DCT}license`)],
    ['a wrong licence', instead(`${DCT}license`, 'https://www.govdata.de/dl-de/by-2-0')],
    ['no contributorID', without('http://dcat-ap.de/def/dcatde/contributorID')],
    ['an unknown contributorID', instead('http://dcat-ap.de/def/dcatde/contributorID', 'https://example.org/nobody')],
    ['no contact', without(`${DCAT}contactPoint`)],
    ['a contact without a way', (quads) => without(`${VCARD}hasURL`)(without(`${VCARD}hasEmail`)(quads))],
    [
      'an unknown file type',
      instead(`${DCT}format`, 'http://publications.europa.eu/resource/authority/file-type/PUNCHCARD'),
    ],
    ['no publisher', without(`${DCT}publisher`)],
    ['a wrong theme', instead(`${DCAT}theme`, 'http://publications.europa.eu/resource/authority/data-theme/FISH')],
    ['no description', without(`${DCT}description`)],
  ])('catches %s', async (_what, mutate) => {
    expect(await faultsOf(mutate(demoQuads))).not.toEqual([]);
  });
});
