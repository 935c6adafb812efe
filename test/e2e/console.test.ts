import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { contrastCheck } from './contrast.ts';
import { type FakeApi, startFakeApi } from './fake-api.ts';
import type { FakeValue } from './fake-region.ts';

const GAUGE = 'laboe-pegel-hafen-laboe.water_level';
const FULL = 'heikendorf-papier-ehrenmal.fill_level';

const reason = chromiumPath === undefined ? ' (skipped: no Chromium on this machine)' : '';

describe.skipIf(chromiumPath === undefined)(`the console in a browser${reason}`, () => {
  const dist = mkdtempSync(join(tmpdir(), 'plietsch-console-'));
  let browser: Browser;
  let fake: FakeApi;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    await build({
      configFile: fileURLToPath(new URL('../../console/vite.config.ts', import.meta.url)),
      build: { outDir: dist, emptyOutDir: true },
      logLevel: 'warn',
    });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(dist, { recursive: true, force: true });
  });
  beforeEach(async () => {
    fake = await startFakeApi(dist);
    complaints = [];
  });
  afterEach(async () => {
    await page?.context().close();
    await fake.close();
  });

  /** Opens the page; what it complains about or asks elsewhere is kept. */
  const open = async (path = '/', options: BrowserContextOptions = {}): Promise<void> => {
    const context = await browser.newContext({ locale: 'de-DE', timezoneId: 'Europe/Berlin', ...options });
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(fake.url) && !/^(data|blob):/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(fake.url + path);
  };
  const row = (datastream: string) => page.locator(`tr[data-datastream="${datastream}"]`);
  const cellOf = (datastream: string) => row(datastream).locator('.value');
  /** Waits until a value is shown that begins so. */
  const shows = (datastream: string, text: string) =>
    row(datastream)
      .locator('.value', { hasText: new RegExp(`^${text}`) })
      .waitFor();
  const rowsIn = (useCase: string) => page.locator(`#${useCase} tr[data-datastream]`);
  const texts = async (useCase: string) => rowsIn(useCase).locator('.pick').allInnerTexts();
  const valueNamed = (datastream: string): FakeValue => {
    const found = fake.values.find((value) => value.datastream === datastream);
    if (!found) throw new Error(`no ${datastream} in the fake region`);
    return found;
  };
  const measured = (datastream: string, value: number, time = Date.now()) =>
    fake.send('observation', { ...valueNamed(datastream), value, phenomenonTime: new Date(time).toISOString() });
  const isConnected = () => page.locator('[data-connection="open"]').waitFor();
  /** Pixels of a line in the chart, found by its colour. */
  const drawnPixels = (name = '--chart-line'): Promise<number> =>
    page.evaluate(`(() => {
      const canvas = document.querySelector('canvas');
      const context = canvas.getContext('2d');
      const line = getComputedStyle(document.documentElement).getPropertyValue('${name}').trim();
      const [red, green, blue] = [1, 3, 5].map((at) => parseInt(line.slice(at, at + 2), 16));
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3] > 200 && Math.abs(data[i] - red) + Math.abs(data[i + 1] - green) + Math.abs(data[i + 2] - blue) < 30) count++;
      return count;
    })()`);

  it('shows tables by use case, the fullest container first, and complains about nothing', async () => {
    await open();
    await rowsIn('waste').first().waitFor();
    expect(await rowsIn('waste').count()).toBe(10);
    expect((await rowsIn('waste').locator('.value').allInnerTexts()).slice(0, 2)).toEqual(['99\u202F%', '98\u202F%']);
    expect(await cellOf(GAUGE).textContent()).toBe('0,42\u202Fm');
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.locator('.badge').textContent()).toBe('Simulierte Daten');
    expect(await page.getAttribute('html', 'lang')).toBe('de');
    await page.locator('#waste .pager').getByRole('button', { name: 'Alle 126 zeigen' }).click();
    expect(await rowsIn('waste').count()).toBe(126);
    expect(complaints).toEqual([]);
  });

  it('changes a cell when a value arrives, without loading and without moving rows', async () => {
    await open();
    await isConnected();
    await row(FULL).waitFor();
    // Under the pointer nothing moves, however long it rests.
    await row(FULL).hover();
    const before = await texts('waste');
    const asked = fake.asked.length;
    measured(FULL, 3);
    await shows(FULL, '3');
    expect(await row(FULL).locator('time').textContent()).toBe('gerade eben');
    expect(await texts('waste')).toEqual(before);
    expect(fake.asked).toHaveLength(asked);
    await page.getByRole('button', { name: 'Neu sortieren' }).click();
    expect((await texts('waste'))[0]).not.toBe(before[0]);
    expect(await row(FULL).count()).toBe(0);
    // Late data of the past changes nothing.
    measured(GAUGE, 9, Date.now() - 86_400_000 / 2);
    measured(GAUGE, 0.5);
    await shows(GAUGE, '0,50');
    expect(await row(GAUGE).count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('draws the last 24 hours of what is chosen, goes on live and comes back after a reload', async () => {
    await open();
    await isConnected();
    await row(FULL).locator('.pick').click();
    await page.locator('#chart-heading').getByText('Papier Ehrenmal').waitFor();
    expect(new URL(page.url()).searchParams.get('datastream')).toBe(FULL);
    await page.locator('canvas').waitFor();
    expect(await drawnPixels()).toBeGreaterThan(300);
    measured(FULL, 1);
    await page.locator('.chart-sentence').getByText('zuletzt 1\u202F%').waitFor();
    expect(await page.locator('.chart-sentence').textContent()).toMatch(/^Niedrigster Wert 1\s%.* Uhr\.$/);
    fake.send('observation', {
      ...valueNamed(FULL),
      value: 77,
      quality: 'fail',
      phenomenonTime: new Date().toISOString(),
    });
    await page.locator('.chart-now', { hasText: /^77/ }).waitFor();
    expect(await page.locator('.chart-sentence').textContent()).not.toContain('77');
    await page.reload();
    await page.locator('#chart-heading').getByText('Papier Ehrenmal').waitFor();
    await page.goBack();
    await page.locator('#chart-heading').getByText('Pegel').waitFor();
    expect(complaints).toEqual([]);
  });

  it('gives the values away as JSON and CSV', async () => {
    await open(`/?datastream=${GAUGE}`);
    const link = page.locator('.chart-links').getByRole('link', { name: 'JSON' });
    expect(await link.getAttribute('href')).toBe(`/api/v1/datastreams/${GAUGE}/observations`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.chart-links').getByRole('button', { name: 'CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${GAUGE}.csv`);
    expect(complaints).toEqual([]);
  });

  it('speaks German and English', async () => {
    await open(`/?datastream=${GAUGE}`);
    await page.getByRole('link', { name: 'English' }).click();
    await page.locator('#waste').getByText('126 containers').waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    expect(await cellOf(GAUGE).textContent()).toBe('0.42\u202Fm');
    expect(new URL(page.url()).search).toBe(`?datastream=${GAUGE}&lang=en`);
    expect(complaints).toEqual([]);
    await page.context().close();
    await open('/', { locale: 'en-GB' });
    await page.locator('#coast').getByText('Water level').waitFor();
  });

  it('finds things over all tables and keeps the search in the URL', async () => {
    await open();
    await page.getByRole('searchbox').fill('weissglas moenkeberg');
    await page.locator('.found').getByText('7 Messstellen gefunden').waitFor();
    expect(await rowsIn('coast').count()).toBe(0);
    await page.reload();
    await page.locator('.found').getByText('7 Messstellen gefunden').waitFor();
    await page.getByRole('button', { name: 'Filter aufheben' }).click();
    await rowsIn('coast').first().waitFor();
    await page.getByLabel('Gemeinde').selectOption('laboe');
    expect(await rowsIn('coast').count()).toBe(1);
  });

  it('says what is old and which tests failed', async () => {
    await open('/?municipality=laboe');
    await page.locator('#waste .pager').getByRole('button', { name: 'Alle 21 zeigen' }).click();
    const old = row('laboe-papier-ehrenmal.fill_level');
    expect(await old.locator('.col-age').textContent()).toMatch(/vor 9\sh\s*veraltet/);
    const failed = row('laboe-gruenglas-schule.fill_level');
    expect(await failed.locator('summary').textContent()).toBe('fehlerhaft');
    await failed.locator('summary').click();
    await failed.getByText('außerhalb des Messbereichs').waitFor();
    expect(await row('laboe-gruenglas-hafen.fill_level').locator('.stale').count()).toBe(0);
  });

  const eventRows = (kind: string) => page.locator(`[data-events="${kind}"] tbody tr`);
  const cells = async (kind: string, index: number) =>
    (await eventRows(kind).nth(index).locator('th, td').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));

  it('tells of emptyings and storm surges in words, a few at first', async () => {
    await open();
    await eventRows('emptying').first().waitFor();
    expect(await eventRows('emptying').count()).toBe(5);
    expect(await page.locator('[data-events="emptying"] h4').innerText()).toBe('Leerungen der letzten 24 Stunden 31');
    const [name, label, time, before] = await cells('emptying', 1);
    expect([name, label, before]).toEqual(['Grünglas Hafen Laboe', 'teilweise geleert', '94 %']);
    expect(time).toMatch(/^\w\w\., \d+\.\d+\. \d\d:\d\d$/);
    await page.locator('[data-events="emptying"]').getByRole('button', { name: 'Alle 31 zeigen' }).click();
    expect(await eventRows('emptying').count()).toBe(31);
    expect((await cells('surge', 0)).toSpliced(2, 1)).toEqual([
      'Pegel Hafen Laboe Laboe',
      'Sturmflut',
      'dauert an',
      '1,10 m',
    ]);
    expect((await cells('surge', 2))[1]).toBe('schwere Sturmflut');
    await page.getByRole('link', { name: 'English' }).click();
    expect(await eventRows('surge').locator('.event-label').allInnerTexts()).toEqual([
      'storm surge',
      'medium storm surge',
      'heavy storm surge',
      'heavy storm surge',
      'heavy storm surge',
    ]);
    // What a search hides, events leave out too.
    await page.getByLabel('Municipality').selectOption('wendtorf');
    await page.locator('[data-events="surge"] h4').getByText('Storm surges of the last 30 days 1').waitFor();
    expect((await cells('surge', 0))[1]).toBe('very heavy storm surge');
    expect(await eventRows('emptying').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('shows no events where there are none, and marks those of the chosen slot in its chart', async () => {
    const [newest] = fake.events;
    if (!newest) throw new Error('no event in the fake region');
    fake.events = [];
    await open(`/?datastream=${newest.datastream}`);
    await isConnected();
    await page.locator('.chart-sentence').waitFor();
    expect(await page.locator('[data-events]').count()).toBe(0);
    expect(await page.locator('.chart-marks').count()).toBe(0);
    const plain = await drawnPixels('--chart-mark');
    fake.events = [newest];
    fake.send('reset', {});
    await eventRows('emptying').first().waitFor();
    expect(await page.locator('[data-events]').count()).toBe(1);
    expect(await page.locator('.chart-marks').innerText()).toMatch(/^Gestrichelt: geleert um \d\d:\d\d Uhr\.$/);
    expect(await drawnPixels('--chart-mark')).toBeGreaterThan(plain + 50);
  });

  it('speaks of what has just happened, once, and of nothing that was there before', async () => {
    await open();
    await page.clock.install();
    await page.reload();
    await isConnected();
    await eventRows('emptying').first().waitFor();
    const spoken = page.locator('[data-announcer]');
    await page.clock.runFor(15_000);
    await spoken.getByText('Live').waitFor();
    const [newest] = fake.events;
    if (!newest) throw new Error('no event in the fake region');
    fake.events = [{ ...newest, time: new Date().toISOString() }, ...fake.events];
    fake.send('reset', {});
    await page.locator('[data-events="emptying"] h4').getByText('Stunden 32').waitFor();
    await page.clock.runFor(15_000);
    await spoken.getByText('Ein neues Ereignis: Weißglas Hafen, geleert').waitFor();
    measured(GAUGE, 0.5);
    await shows(GAUGE, '0,50');
    await page.clock.runFor(35_000);
    await spoken.getByText('Ein neuer Wert: Pegel Hafen Laboe 0,50').waitFor();
  });

  it('says which bays are free, and counts them by place', async () => {
    await open('/?q=platz+1');
    await rowsIn('parking').first().waitFor();
    expect(await page.locator('#parking th[scope="col"]').nth(2).innerText()).toBe('Zustand');
    expect(await rowsIn('parking').locator('.value').allInnerTexts()).toEqual(['belegt', 'frei', 'belegt']);
    // Places count all their bays, also those that the search hides.
    const places = await page.locator('.places li').allInnerTexts();
    expect(places.map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
      'Parkplatz Hafen Heikendorf 3 von 5 frei',
      'Parkplatz Hafen Laboe 5 von 5 frei',
      'Parkplatz Hafen Mönkeberg 1 von 5 frei',
    ]);
    expect(await page.locator('.tile[href="#parking"] .tile-headline').innerText()).toBe('9 frei');
    await page.locator('#parking .pick').first().click();
    await page.locator('.chart-sentence').getByText('Zuletzt gemeldet: belegt um').waitFor();
  });

  it('shows an alarm beside a meter’s reading, and dust before the weather', async () => {
    await open();
    await rowsIn('energy').first().waitFor();
    expect((await texts('energy')).slice(0, 3)).toEqual([
      'Zählerstand Volumen',
      'Wasser ausgetreten, Rohrbruch',
      'Wasser ausgetreten, Dauerdurchfluss',
    ]);
    expect(await page.locator('#energy .value:has(.alarm)').allInnerTexts()).toEqual(['ja']);
    expect(await page.locator('.tile[href="#energy"] .tile-headline').innerText()).toBe('1 Meldung');
    expect((await texts('environment')).slice(0, 3)).toEqual(['Feinstaub PM2,5', 'Feinstaub PM10', 'Lufttemperatur']);
    expect(await page.locator('.tile[href="#environment"] .tile-headline').innerText()).toBe('PM2,5 8,3\u202Fµg/m³');
  });

  it('is worked by keyboard alone', async () => {
    await open();
    await row(FULL).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.innerText')).toBe('Zum Inhalt springen');
    await page.locator('#waste').getByRole('button', { name: 'Alter' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#waste th[aria-sort]').textContent()).toBe('Alter');
    await page.locator('#waste .pick').first().focus();
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).searchParams.get('datastream')).toMatch(/fill_level$/);
  });

  it('says that the connection broke, mends it and misses nothing', async () => {
    await open();
    await isConnected();
    fake.cut();
    await page.locator('[data-connection="lost"]').waitFor();
    await isConnected();
    measured(GAUGE, 0.91);
    await shows(GAUGE, '0,91');
    valueNamed(GAUGE).value = 1.23;
    fake.send('reset', {});
    await shows(GAUGE, '1,23');
  });

  it('waits for the first value, and tells of a hub that does not answer', async () => {
    const values = fake.values;
    fake.values = [];
    await open();
    await page.getByText('Noch keine Messwerte – die ersten kommen gleich').waitFor();
    await isConnected();
    fake.values = values;
    measured(GAUGE, 0.5);
    await row(GAUGE).waitFor({ timeout: 15_000 });
    expect(complaints).toEqual([]);
    fake.isDown = true;
    await page.reload();
    await page.getByText('Der Hub antwortet nicht').waitFor();
    fake.isDown = false;
    await page.getByRole('button', { name: 'Erneut versuchen' }).click();
    await row(GAUGE).waitFor();
  });

  it('explains an unknown datastream', async () => {
    await open('/?datastream=gone.water_level');
    await page.getByText('Diese Messreihe gibt es hier nicht').waitFor();
    await page.getByRole('link', { name: 'Auswahl aufheben' }).click();
    await page.locator('canvas').waitFor();
  });

  it.each([320, 768, 1366])('fits a window of %d px', async (width) => {
    await open('/', { viewport: { width, height: 800 } });
    await page.locator('canvas').waitFor();
    await page.locator('#waste .pager').getByRole('button', { name: 'Alle 126 zeigen' }).click();
    for (const mark of await page.locator('details.quality summary').all()) await mark.click();
    await page.locator('[data-events="emptying"]').getByRole('button', { name: 'Alle 31 zeigen' }).click();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const outside = `[...document.querySelectorAll('main *')].filter((element) => element.getClientRects().length > 0
      && !element.closest('.visually-hidden, .plot') && element.getBoundingClientRect().right > ${width}).map((element) => element.className)`;
    expect(await page.evaluate(outside)).toEqual([]);
    const overflowing = `[...document.querySelectorAll('.values td, .values th, .event-table td, .event-table th')].filter((cell) => cell.scrollWidth > cell.clientWidth + 1
      && getComputedStyle(cell).display === 'table-cell').map((cell) => cell.innerText)`;
    expect(await page.evaluate(overflowing)).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('is readable in %s: every text has a contrast of 4.5', async (colorScheme) => {
    await open(`/?datastream=${FULL}`, { colorScheme });
    await page.locator('canvas').waitFor();
    const failing = await page.evaluate(contrastCheck);
    expect(failing).toEqual([]);
    const { length } = await page.screenshot({ fullPage: true });
    expect(length).toBeGreaterThan(20_000);
  });
});
