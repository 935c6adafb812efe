import type { AddressInfo } from 'node:net';
import { Parser } from 'n3';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, NOW, observationOf, type TestApi } from '../../api/testing.ts';
import { HOUR, MINUTE } from '../../model/time.ts';
import { demoRegion } from '../../simulator/demo-region.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { contrastCheck } from './contrast.ts';

const reason = chromiumPath === undefined ? ' (skipped: no Chromium on this machine)' : '';

/** Landmarks, names and headings, as axe-core looks at them. */
const structureCheck = `(() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
  const nameOf = (element) => (element.getAttribute('aria-label') ?? (element.getAttribute('aria-labelledby') ?? '').split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '').join(' ')).trim() || element.textContent.trim();
  for (const [selector, count] of [['main', 1], ['h1', 1], ['body > header', 1], ['body > footer', 1]])
    if (all(selector).length !== count) faults.push(selector + ' is there ' + all(selector).length + ' times');
  let level = 1;
  for (const heading of all('h1, h2, h3, h4')) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) faults.push('level skipped before ' + heading.textContent);
    level = next;
  }
  for (const element of all('a, button, summary, section, nav, [role=img], [role=region]'))
    if (nameOf(element) === '') faults.push('no name: ' + element.outerHTML.slice(0, 80));
  for (const id of [...document.querySelectorAll('[id]')].map((element) => element.id))
    if (document.querySelectorAll('#' + CSS.escape(id)).length > 1) faults.push('id twice: ' + id);
  for (const table of all('table')) if (!table.querySelector('th[scope=col]')) faults.push('a table without heads');
  for (const box of all('.scroll, pre')) if (box.tabIndex !== 0) faults.push('no key reaches ' + box.className);
  if (!document.documentElement.lang) faults.push('no language');
  return faults;
})()`;

describe.skipIf(chromiumPath === undefined)(`the public pages in a browser${reason}`, () => {
  let api: TestApi;
  let url: string;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    api = await createTestApi({ config: { demo: true } });
    for (const entity of demoRegion({ seed: 1 })) if ('put' in entity) api.put(entity.kind, entity.put);
    for (const { id, kind } of api.registry.list('thing')) {
      if (kind === 'gauge') await wave(id, 'water_level', 0.5, 'm');
      if (kind === 'weather_station')
        for (const name of ['air_temperature', 'relative_humidity']) await wave(id, name, 20, 'Cel');
      if (kind === 'container_slot') await api.measure(id, 'fill_level', [10, 40, 80]);
    }
    await api.app.listen({ port: 0 });
    url = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await api?.app.close();
  });
  afterEach(() => page?.context().close());

  /** A value an hour for eight days, with a gap of one. */
  const wave = async (thing: string, property: string, height: number, unit: string): Promise<void> => {
    await api.measure(thing, property, [0]);
    api.put('datastream', { ...api.registry.require('datastream', `${thing}.${property}`), unit });
    const datastream = api.keys.get(`${thing}.${property}`) ?? 0;
    const hours = Array.from({ length: 8 * 24 }, (_, i) => i).filter((i) => i < 60 || i > 84);
    const rows = hours.map((i) =>
      observationOf({
        datastream,
        value: height * Math.sin(i / 5),
        phenomenonTime: NOW - i * HOUR - MINUTE,
        position: i + 10,
        flag: i === 20 ? 3 : 1,
      }),
    );
    await api.stores.observations.append(rows);
  };

  const open = async (path: string, options: BrowserContextOptions = {}): Promise<void> => {
    complaints = [];
    page = await (await browser.newContext({ locale: 'de-DE', ...options })).newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:')) complaints.push(request.url());
    });
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(url + path);
  };

  it('lead from the list to a dataset and back, without a script', async () => {
    await open('/data', { javaScriptEnabled: false });
    expect(await page.locator('.card').count()).toBe(6);
    await page.getByRole('link', { name: 'Wasserstände der Ostseeküste' }).click();
    await page.getByRole('heading', { level: 1, name: 'Wasserstände der Ostseeküste (simuliert)' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/de/data/wasserstaende');
    expect(await page.locator('#values tbody tr').count()).toBe(8);
    await page.getByRole('link', { name: 'English' }).click();
    await page.getByRole('heading', { level: 2, name: 'Quality and completeness of the last 30 days' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/en/data/wasserstaende');
    await page.getByRole('link', { name: 'Open data', exact: true }).click();
    expect(await page.locator('.card').count()).toBe(6);
    expect(complaints).toEqual([]);
  });

  it('draw map and chart with names, axes and a gap', async () => {
    await open('/en/data/wasserstaende', { viewport: { width: 1366, height: 900 } });
    const chart = page.locator('svg.chart:visible');
    expect(await chart.count()).toBe(1);
    expect(await chart.getAttribute('aria-label')).toMatch(
      /^Water level over the last seven days, from −0\.\d\d\sm to 0\.\d\d\sm$/,
    );
    const path = await chart.locator('.line-0 path').getAttribute('d');
    expect(path?.match(/M/g)).toHaveLength(2);
    expect(await page.locator('svg.map:visible circle').count()).toBe(8);
    expect(await page.locator('svg.map:visible .name').allTextContents()).toContain('Pegel Hafen Laboe');
    expect(complaints).toEqual([]);
  });

  it.each([
    ['wide', { viewport: { width: 1366, height: 900 } }],
    ['wide and dark', { viewport: { width: 1366, height: 900 }, colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 320, height: 700 } }],
    ['enlarged to 200 %', { viewport: { width: 683, height: 450 }, deviceScaleFactor: 2 }],
    ['narrow and dark', { viewport: { width: 400, height: 700 }, colorScheme: 'dark' }],
  ] satisfies [string, BrowserContextOptions][])('can be read and reached: %s', async (_what, options) => {
    for (const path of ['/de/data', '/en/data/wetter', '/de/data/containerfuellstand', '/en/data/verkehrsmengen']) {
      await open(path, options);
      expect(await page.evaluate(contrastCheck), path).toEqual([]);
      expect(await page.evaluate(structureCheck), path).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), path).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });

  it('let the keyboard skip to the content first', async () => {
    await open('/de/data/wetter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('location.hash')).toBe('#main');
  });

  it('name only addresses that answer, in the catalogue too', async () => {
    const asked = new Set<string>();
    await open('/de/data/wetter');
    for (const href of await page
      .locator('a')
      .evaluateAll((links) => links.map((link) => (link as unknown as { href: string }).href)))
      asked.add(href.replace(/#.*/, ''));
    const quads = new Parser().parse(await (await fetch(`${url}/catalog.ttl`)).text());
    for (const { predicate, object } of quads)
      if (/(accessURL|downloadURL|endpointDescription|landingPage|page|homepage)$/.test(predicate.value))
        asked.add(object.value);
    const own = [...asked].filter((address) => address.startsWith(url) && new URL(address).pathname !== '/');
    expect(own.length).toBeGreaterThan(30);
    const failed: string[] = [];
    for (const address of own) {
      const stop = new AbortController();
      const { status, headers } = await fetch(address, { signal: stop.signal });
      // A live stream has no end.
      stop.abort();
      if (status !== 200 || headers.get('content-type') === null) failed.push(`${status} ${address}`);
    }
    expect(failed).toEqual([]);
  });
});
