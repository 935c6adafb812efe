import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { conformance } from './conformance.ts';

const page = readFileSync(new URL('../../docs/sensorthings.md', import.meta.url), 'utf8');
const rows = page
  .slice(page.indexOf('## Conformance'))
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

it('has a row in docs/sensorthings.md for every class that it names, and no other', () => {
  const short = (uri: string): string => uri.replace(/^.*\/iot_sensing\/1\.1\/req\//, '');
  expect(rows.map(([, name = '']) => name.replaceAll('`', '')).sort()).toEqual(conformance.map(short).sort());
});

it.each(rows.map(([, name = '', tests = '']) => [name, tests] as const))('%s names its tests', (_name, tests) => {
  const files = [...tests.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(existsSync(new URL(`../../${file}`, import.meta.url)), file).toBe(true);
});
