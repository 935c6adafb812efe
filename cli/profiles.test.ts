import { expect, it } from 'vitest';
import { loadCatalogue } from '../devices/catalogue.ts';
import { listText, profileText } from './profiles.ts';

const profiles = (await loadCatalogue()).list().map(({ profile }) => profile);

it('lists one profile a line', () => {
  const lines = listText(profiles).trimEnd().split('\n');
  expect(lines).toHaveLength(profiles.length);
  expect(lines).toContainEqual(expect.stringMatching(/^vegapuls\/air +\d+\.\d+\.\d+ +VEGAPULS Air/));
});

it('shows what becomes of each field', () => {
  const profile = profiles.find(({ id }) => id === 'pmx/tcr');
  if (!profile) throw new Error('no TCR');
  const text = profileText(profile);
  expect(text).toContain('utcOffsetMinutes (min)');
  expect(text).toMatch(/cat1_rtl_count +→ vehicle_count\.cat1-rtl \(sent in \{count\}\)/);
  expect(text).toMatch(/supply_voltage +→ battery_voltage \(sent in V, device health\)/);
});
