import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../model/time.ts';
import { dumpConfigSchema } from '../dumps/dump-config.ts';
import { createTestApi, DEV_EUI, fillRegion, LOCAL_CREDENTIAL, NOW, observationOf, type TestApi } from '../testing.ts';

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
});
afterEach(() => api.app.close());

const get = (url: string, headers: Record<string, string> = {}) =>
  api.app.inject({ url, headers: { host: 'daten.example.org', accept: 'text/html', ...headers } });
const page = async (url: string) => (await get(url)).body;

const secrets = ['slot-', 'laboe-depot', 'Bauhof', 'endtorf', 'waste', DEV_EUI, 'air_temperature', 'Lufttemperatur'];

describe('the public pages', () => {
  it('speak the language of their address, or the one that is asked for', async () => {
    expect(await page('/de/data')).toMatch(/^<!doctype html><html lang="de">.*<h1>Offene Daten<\/h1>/s);
    expect(await page('/en/data')).toMatch(/<html lang="en">.*<h1>Open data<\/h1>/s);
    const asked = await get('/data/levels', { 'accept-language': 'fr, en-GB;q=0.8, de;q=0.5' });
    expect(asked.body).toContain('<html lang="en">');
    expect([asked.headers['content-location'], asked.headers.vary]).toEqual([
      '/en/data/levels',
      expect.stringContaining('Accept-Language'),
    ]);
    expect((await get('/data')).body).toContain('<html lang="de">');
    const links = [...(await page('/de/data/levels')).matchAll(/hreflang="([^"]+)" href="(http[^"]+)"/g)];
    expect(links.map(([, code, href]) => `${code} ${href}`)).toEqual([
      'de http://daten.example.org/de/data/levels',
      'en http://daten.example.org/en/data/levels',
      'x-default http://daten.example.org/data/levels',
    ]);
  });

  it('lead programs that ask for RDF to the catalogue', async () => {
    const answer = await get('/data/levels', { accept: 'text/turtle' });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/catalog.ttl']);
  });

  it('need no script, no style of their own and nothing from elsewhere', async () => {
    const body = await page('/de/data/levels');
    expect(body.match(/<script(?! type="application\/ld\+json">)/g)).toBeNull();
    expect(body).not.toMatch(/ style="|<style|onclick|src="http/);
    const [, style = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(body) ?? [];
    const css = await get(style);
    // The colours are the console's.
    expect(css.body).toContain('--accent: ');
    expect([css.statusCode, css.headers['content-type'], css.headers['cache-control']]).toEqual([
      200,
      'text/css',
      'public, max-age=31536000, immutable',
    ]);
  });

  it('take no offence at what links gather on their way', async () => {
    expect((await get('/de/data/levels?utm_source=post&fbclid=x')).statusCode).toBe(200);
  });

  it('show calls that work as they are, for every language of the reader', async () => {
    for (const language of ['de', 'en']) {
      const calls = [
        ...(await page(`/${language}/data/levels`)).matchAll(/<pre[^>]*><code class="copy">(.*?)<\/code>/gs),
      ].map(([, text = '']) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&'));
      expect(calls).toHaveLength(7);
      const tables = calls.slice(0, 4).map((text) => /http:\/\/daten\.example\.org([^"' ]+)/.exec(text)?.[1] ?? '');
      for (const path of tables) {
        const { statusCode, body, headers } = await get(path);
        expect([path, statusCode, headers['content-type']]).toEqual([path, 200, expect.stringContaining('text/csv')]);
        const [names, ...rows] = body.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'));
        expect(names?.split(',')).toEqual(expect.arrayContaining(['thing', 'property', 'phenomenonTime', 'value']));
        expect(rows).toHaveLength(3);
      }
      // Power Query reads no comments.
      expect((await get(tables[3] ?? '')).body).not.toContain('#');
    }
  });

  it('may be kept for a minute, and are not sent twice', async () => {
    const first = await get('/de/data/levels');
    expect(first.headers['cache-control']).toBe('public, max-age=60');
    const again = await get('/de/data/levels', { 'if-none-match': String(first.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it('tell whose the data are, under which terms, and show values, times and quality', async () => {
    api.put('dataset', {
      ...api.registry.get('dataset', 'levels'),
      contact: { name: 'Hafenamt', email: 'hafen@example.org' },
      attribution: 'Hafen <Laboe>',
      themes: ['ENVI'],
      hvdCategory: 'meteorological',
      smallestCount: 5,
    });
    const body = await page('/en/data/levels');
    for (const text of [
      'mailto:hafen@example.org',
      'https://www.govdata.de/dl-de/by-2-0',
      'Hafen &lt;Laboe>, Datenlizenz Deutschland',
      'official key 01057043',
      'Every value is public at once.',
      'Counts from 1 to 4 are withheld',
      'Environment',
      'Meteorological',
      'datetime="2026-03-02T11:59:00.000Z"',
      'class="flag flag-1">passed',
      'Bounding box 10.2200, 54.4000, 10.2200, 54.4000',
      'One point per 3 hours',
    ])
      expect(body).toContain(text);
    expect(await page('/de/data/energy')).toContain('wenn sie 90 Minuten alt sind');
  });

  it('leave gaps where nothing was measured, and show a value between two gaps as a point', async () => {
    const key = api.keys.get('gauge-1.water_level') ?? 0;
    const at = (hours: number, value: number, i: number) =>
      observationOf({ datastream: key, value, phenomenonTime: NOW - hours * HOUR - 30 * MINUTE, position: 50 + i });
    await api.stores.observations.append([at(40, 1, 0), at(37, 2, 1), at(30, 3, 2), at(20, 1, 3), at(17, 4, 4)]);
    const [chart = ''] = /<svg class="chart wide".*?<\/svg>/s.exec(await page('/en/data/levels')) ?? [];
    const [, path = ''] = /<path d="([^"]+)"/.exec(chart) ?? [];
    // Its device reports every hour: a point stands for three.
    expect(path).toMatch(/^M\S+ \S+L\S+ [\d.]+M\S+ \S+L\S+ [\d.]+$/);
    expect(chart.match(/<circle/g)).toHaveLength(2);
    expect(chart).toContain('from 0% to 4%'.replaceAll('%', '\u202f%'));
  });

  it('show a state as bars from one report to the next, with gaps where there was none', async () => {
    api.put('thing', { id: 'bay', name: 'Bay 1', kind: 'parking_bay', site: 'stein-hall' });
    await api.measure('bay', 'occupied', [0, 0, 1, 1, 1, 0]);
    const key = api.keys.get('bay.occupied') ?? 0;
    await api.stores.observations.append([
      observationOf({ datastream: key, value: 1, phenomenonTime: NOW - 80 * HOUR, position: 90 }),
    ]);
    api.put('dataset', { ...api.registry.get('dataset', 'levels'), id: 'bays', members: { things: ['bay'] } });
    const [chart = ''] = /<svg class="chart wide".*?<\/svg>/s.exec(await page('/de/data/bays')) ?? [];
    const barsOf = (state: number) =>
      [...(new RegExp(`state-${state}" d="([^"]+)"`).exec(chart)?.[1] ?? '').matchAll(/M(\S+) \d+H([\d.]+)/g)].map(
        ([, from, to]) => Math.round(((Number(to) - Number(from)) / 844) * 7 * 24),
      );
    // Three usual hours of patience after the lonely report, then blank.
    expect(barsOf(1)).toEqual([3, 3]);
    expect(barsOf(0)).toEqual([2, 0]);
  });

  it('sum up quality and completeness of 30 days', async () => {
    const key = api.keys.get('gauge-1.water_level') ?? 0;
    const rows = Array.from({ length: 20 * 24 }, (_, i) => i)
      // Half of the hours of two days are missing.
      .filter((i) => i < 240 || i >= 288 || i % 2 === 0)
      .map((i) =>
        observationOf({
          datastream: key,
          value: 1,
          phenomenonTime: Math.floor(NOW / DAY) * DAY - 20 * DAY + i * HOUR,
          position: 100 + i,
          flag: i === 10 ? 4 : i === 11 ? 3 : 1,
        }),
      );
    await api.stores.observations.append(rows);
    const body = await page('/en/data/levels');
    const figure = Number(/<p class="figure">([\d.]+)/.exec(body)?.[1]);
    const cells = [...body.matchAll(/<title>([^<]+)<\/title><rect class="day-track"/g)].map(([, text]) => text);
    expect(figure).toBeGreaterThan(90);
    expect(figure).toBeLessThan(97);
    expect(cells).toHaveLength(30);
    expect(cells.at(-11)).toBe('20 February 2026: 50\u202f%');
    expect(cells[0]).toMatch(/none expected$/);
    expect(body).toMatch(/flag-4">failed<\/th><td>0.2\u202f%<\/td><td>1</);
    expect(body).toMatch(/flag-3">suspect<\/th><td>0.2\u202f%<\/td><td>1</);
  });

  it('show a part of many datastreams and say how many there are', async () => {
    const hall = api.registry.require('site', 'stein-hall');
    for (let i = 0; i < 400; i++) {
      api.put('site', { ...hall, id: `place-${i}` });
      api.put('thing', { id: `many-${i}`, name: `Many ${i}`, kind: 'gauge', site: `place-${i}` });
      await api.measure(`many-${i}`, 'water_level', [i]);
    }
    for (const property of ['air_temperature', 'salinity', 'turbidity']) await api.measure('many-0', property, [1]);
    api.put('dataset', { ...api.registry.require('dataset', 'levels'), members: { kinds: ['gauge'] } });
    const body = await page('/en/data/levels');
    for (const text of ['The first 40 of 405', 'Figures of the first 24 of 405', 'Shown: 4 of 401']) {
      expect(body).toContain(`${text} datastreams.`);
    }
    for (const text of ['Shown: 3 of 4 quantities.', 'Shown: 400 of 401 sites.', 'and 201 more'])
      expect(body).toContain(text);
    expect(body.match(/<th scope="row">/g)).toHaveLength(40);
    expect(body.match(/<circle class="place"/g)).toHaveLength(2 * 400);
  });

  it('are described for search engines, whatever a title holds', async () => {
    const title = { de: '</script><b>', en: 'x' };
    api.put('dataset', { ...api.registry.get('dataset', 'levels'), title });
    const body = await page('/de/data/levels');
    const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(body) ?? [];
    expect(JSON.parse(json)).toMatchObject({
      '@type': 'Dataset',
      name: title.de,
      license: 'https://www.govdata.de/dl-de/by-2-0',
      publisher: { name: 'Laboe' },
      spatialCoverage: { geo: { box: '54.4 10.22 54.4 10.22' } },
    });
    expect(body).not.toContain('</script><b>');
  });

  it('are listed for crawlers in both languages', async () => {
    expect(await page('/robots.txt')).toContain('\nSitemap: http://daten.example.org/sitemap.xml\n');
    const map = await page('/sitemap.xml');
    expect([...map.matchAll(/<loc>([^<]+)/g)].map(([, url]) => url?.replace('http://daten.example.org', ''))).toEqual([
      '/de/data',
      '/en/data',
      '/de/data/energy',
      '/en/data/energy',
      '/de/data/levels',
      '/en/data/levels',
    ]);
    expect(map).toContain('<lastmod>2026-03-02</lastmod>');
  });

  it('hold no word of what is private, whoever asks', async () => {
    const token = await api.token('admin');
    for (const url of ['/de/data', '/en/data/levels', '/de/data/energy', '/sitemap.xml', '/robots.txt']) {
      for (const headers of [{}, token]) {
        const { body, statusCode } = await get(url, headers);
        expect(statusCode).toBe(200);
        for (const secret of secrets) expect(`${url} ${body}`).not.toContain(secret);
      }
    }
    const [hidden, none] = await Promise.all([get('/de/data/waste', token), get('/de/data/nothing', token)]);
    expect([hidden.statusCode, hidden.body]).toEqual([404, none.body]);
  });

  it('count, show and sum up of a dataset only what each municipality publishes', async () => {
    api.put('dataset', {
      ...api.registry.get('dataset', 'waste'),
      id: 'slots',
      visibility: 'open',
      perMunicipality: { wendtorf: { visibility: 'private' } },
    });
    const body = await page('/en/data/slots');
    expect(body).toContain('1 datastream<');
    expect(body).toContain('3 values, tested');
    expect(body).toContain('Bounding box 10.2300, 54.4100, 10.2300, 54.4100');
    expect(body).not.toContain('endtorf');
    // What is taken back is gone at once, though pages are kept.
    api.put('dataset', { ...api.registry.get('dataset', 'slots'), visibility: 'private' });
    expect((await get('/en/data/slots')).statusCode).toBe(404);
  });

  it('show delayed values when they are due, and no younger ones', async () => {
    const body = await page('/en/data/energy');
    // Measured at 9:59, 10:59 and 11:59; it is 12:00, and the delay is 90 minutes.
    expect(body).toContain('datetime="2026-03-02T09:59:00.000Z"');
    expect(body).not.toContain('T10:59');
    expect(body).toContain('1 value, tested');
  });

  it('offer the monthly files that lie ready', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plietsch-page-dumps-'));
    const other = await createTestApi({
      wrap: () => ({ dumps: { folder, config: dumpConfigSchema.parse(undefined) } }),
    });
    await fillRegion(other);
    const headers = { authorization: `Bearer ${LOCAL_CREDENTIAL}` };
    const { location = '' } = (await other.app.inject({ method: 'POST', url: '/api/v1/dumps', headers, payload: {} }))
      .headers;
    await expect.poll(async () => (await other.app.inject({ url: location, headers })).body).toContain('"done"');
    const { body } = await other.app.inject({ url: '/en/data/levels' });
    const { body: catalogue } = await other.app.inject({ url: '/catalog.ttl', headers: { host: 'localhost' } });
    const [, path = ''] = /<b>2026-03<\/b><a href="([^"]+csv[^"]*)">CSV \(\d/.exec(body) ?? [];
    expect((await other.app.inject({ url: path })).statusCode).toBe(200);
    expect(catalogue).toContain(`<http://localhost${path}>`);
    expect(catalogue).toMatch(/spdx:checksumValue "[0-9a-f]{64}"\^\^xsd:hexBinary/);
    await other.app.close();
    rmSync(folder, { recursive: true });
    expect(await page('/en/data/levels')).not.toContain('Files by month');
  });

  it('withhold small counts, and say so', async () => {
    api.put('thing', { id: 'road', name: 'Road', kind: 'road_cross_section', site: 'stein-hall' });
    await api.measure('road', 'vehicle_count', [3, 40, 2]);
    api.put('datastream', { ...api.registry.get('datastream', 'road.vehicle_count'), unit: '{count}' });
    api.put('dataset', {
      ...api.registry.get('dataset', 'energy'),
      id: 'roads',
      visibility: 'open',
      smallestCount: 5,
      members: { things: ['road'] },
    });
    const body = await page('/en/data/roads');
    expect(body).toContain('class="number is-missing">withheld');
    expect(body).toContain('2 small counts are withheld.');
  });
});
