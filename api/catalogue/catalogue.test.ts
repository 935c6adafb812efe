import jsonld from 'jsonld';
import { Parser, type Quad, Writer } from 'n3';
import { RdfXmlParser } from 'rdfxml-streaming-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR } from '../../model/time.ts';
import { createTestApi, DEV_EUI, fillRegion, NOW, type TestApi } from '../testing.ts';

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
});
afterEach(() => api.app.close());

const get = (url: string, headers: Record<string, string> = {}) =>
  api.app.inject({ url, headers: { host: 'daten.example.org', ...headers } });

const canonical = async (document: object | string, options: object = {}): Promise<string> => {
  const settings = { algorithm: 'URDNA2015', format: 'application/n-quads', ...options } as const;
  return jsonld.canonize(document as object, settings as jsonld.Options.Normalize);
};
const ofQuads = (quads: readonly Quad[]): Promise<string> => {
  const lines = new Writer({ format: 'N-Quads' }).quadsToString([...quads]);
  return canonical(lines, { inputFormat: 'application/n-quads' });
};
const parseXml = (text: string): Promise<Quad[]> =>
  new Promise((resolve, reject) => {
    const quads: Quad[] = [];
    const parser = new RdfXmlParser();
    parser
      .on('data', (quad: Quad) => quads.push(quad))
      .on('error', reject)
      .on('end', () => resolve(quads));
    parser.end(text);
  });

describe('the catalogue', () => {
  it('means the same graph in Turtle, JSON-LD and RDF/XML, whatever a title holds', async () => {
    const title = { de: '„Pegel“ <&> "\\\u0007\u{1F30A}\r\nzwei', en: "]]> ' é\ttab" };
    const dataset = api.registry.get('dataset', 'levels');
    api.put('dataset', {
      ...dataset,
      title,
      attribution: 'a & b',
      contact: { name: 'x', url: 'https://example.org/a b?q={x}|<y>' },
    });
    const [turtle, json, xml] = await Promise.all(
      ['/catalog.ttl', '/catalog.jsonld', '/catalog.rdf'].map(async (url) => (await get(url)).body),
    );
    const quads = new Parser().parse(turtle ?? '');
    expect(quads.length).toBeGreaterThan(200);
    const graph = await ofQuads(quads);
    expect(graph).toContain('\u{1F30A}\\nzwei"@de');
    expect(await canonical(JSON.parse(json ?? ''))).toBe(graph);
    expect(await ofQuads(await parseXml(xml ?? ''))).toBe(graph);
  });

  it('answers in what Accept asks for, and leads people to the pages', async () => {
    const typeFor = async (accept: string) => (await get('/catalog', { accept })).headers['content-type'];
    expect(await typeFor('*/*')).toBe('text/turtle; charset=utf-8');
    expect(await typeFor('application/rdf+xml;q=0.5, application/ld+json')).toBe('application/ld+json; charset=utf-8');
    expect(await typeFor('text/html;q=0.1, application/rdf+xml')).toBe('application/rdf+xml; charset=utf-8');
    const page = await get('/catalog', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect([page.statusCode, page.headers.location, page.headers.vary]).toEqual([
      303,
      '/data',
      expect.stringMatching(/Accept/),
    ]);
    expect((await get('/catalog.ttl?x=1')).statusCode).toBe(400);
  });

  it('is the same text until something changes, and is not sent twice', async () => {
    const first = await get('/catalog.rdf');
    expect(first.headers['cache-control']).toBe('public, max-age=300');
    api.time.now += HOUR;
    const again = await get('/catalog.rdf', { 'if-none-match': String(first.headers.etag) });
    expect([again.statusCode, again.body, again.headers['cache-control']]).toEqual([304, '', 'public, max-age=300']);
    api.put('dataset', { ...api.registry.get('dataset', 'levels'), licence: 'CC0-1.0' });
    expect((await get('/catalog.rdf', { 'if-none-match': String(first.headers.etag) })).statusCode).toBe(200);
  });

  it('names the address as configured, or as it was asked for, and no other', async () => {
    expect((await get('/catalog.ttl')).body).toContain('<http://daten.example.org/data/levels>');
    expect((await get('/catalog.ttl', { host: 'x"><y' })).statusCode).toBe(400);
    const other = await createTestApi({
      config: {
        publicUrl: 'https://open.example.org/',
        publicMqttUrl: 'mqtts://open.example.org:8883',
        catalogue: { contributorId: 'http://dcat-ap.de/def/contributors/hessen', title: 'Unsere Daten' },
        contact: { name: 'Amt', email: 'amt@example.org' },
      },
    });
    await fillRegion(other);
    const { body } = await other.app.inject({ url: '/catalog.ttl', headers: { host: 'evil.example' } });
    await other.app.close();
    expect(body).not.toContain('evil');
    expect(body).toContain('<https://open.example.org/data/levels>');
    expect(body).toContain('<mqtts://open.example.org:8883>');
    expect(body).toContain('<http://dcat-ap.de/def/contributors/hessen>');
    expect(body).toContain('"Unsere Daten"@de');
    expect(body).toContain('<mailto:amt@example.org>');
  });

  it('says of a dataset what the public may know: area, period, terms', async () => {
    const quads = new Parser().parse((await get('/catalog.ttl')).body);
    const valuesOf = (subject: string, predicate: string) =>
      quads
        .filter((quad) => quad.subject.value.endsWith(subject) && quad.predicate.value.endsWith(predicate))
        .map(({ object }) => object.value);
    expect(valuesOf('/data/levels', 'title')).toEqual(['levels', 'levels']);
    expect(valuesOf('/data/levels', 'contributorID')).toEqual(['http://dcat-ap.de/def/contributors/schleswigHolstein']);
    expect(valuesOf('/data/levels', 'spatial')).toEqual([
      'http://dcat-ap.de/def/politicalGeocoding/municipalityKey/01057043',
      'http://daten.example.org/data/levels#area',
    ]);
    expect(valuesOf('levels#area', 'bbox')[0]).toBe(
      'POLYGON((10.21950 54.39950, 10.22050 54.39950, 10.22050 54.40050, 10.21950 54.40050, 10.21950 54.39950))',
    );
    const today = new Date(NOW).toISOString().slice(0, 10);
    expect(valuesOf('levels#period', 'startDate')).toEqual([today]);
    expect(valuesOf('levels#csv', 'downloadURL')).toEqual([
      'http://daten.example.org/api/v1/observations?dataset=levels&format=csv',
    ]);
    expect(valuesOf('levels#csv', 'licenseAttributionByText')).toEqual(['Laboe']);
  });

  it('holds no word of what is private', async () => {
    const token = await api.token('admin');
    api.put('dataset', {
      ...api.registry.get('dataset', 'energy'),
      id: 'everything',
      members: {},
      perMunicipality: { laboe: { visibility: 'private' }, wendtorf: { visibility: 'private' } },
    });
    for (const url of ['/catalog.ttl', '/catalog.jsonld', '/catalog.rdf']) {
      for (const headers of [{}, token]) {
        const { body, statusCode } = await get(url, headers);
        expect(statusCode).toBe(200);
        expect(body).toContain('everything');
        for (const secret of [
          'slot-',
          'laboe-depot',
          'endtorf',
          '01057088',
          '#waste',
          '/waste',
          DEV_EUI,
          'WasteContainer',
          '10.29',
        ])
          expect(`${url}: ${body}`).not.toContain(secret);
      }
    }
  });
});
