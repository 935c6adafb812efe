import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generatedFiles } from './build.ts';

it('leaves the committed files as they are: run npm run build:dashboards after a change', () => {
  const made = generatedFiles();
  const committed = globSync('{generated,provisioning/alerting}/**/*.{json,yaml}', {
    cwd: import.meta.dirname,
  }).toSorted();
  expect([...made.keys()].toSorted()).toEqual(committed);
  const stale = [...made].filter(([path, text]) => readFileSync(join(import.meta.dirname, path), 'utf8') !== text);
  expect(stale.map(([path]) => path)).toEqual([]);
});
