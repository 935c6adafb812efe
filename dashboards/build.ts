import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { alertingFile } from './alerts.ts';
import { assemble, type DashboardSpec } from './assemble.ts';
import { dashboards } from './catalogue.ts';
import { type Language, languages } from './text.ts';

/** Those without InfluxDB stand apart, so that one folder is what one installation needs. */
const pathOf = (name: string, { source }: DashboardSpec, language: Language): string =>
  `generated/${language}${source === 'api' ? '-api' : ''}/${name}.json`;

/** Every generated file by its path below dashboards/. */
export const generatedFiles = (): Map<string, string> =>
  new Map(
    languages.flatMap((language): [string, string][] => [
      ...Object.entries(dashboards).map(([name, spec]): [string, string] => [
        pathOf(name, spec, language),
        `${JSON.stringify(assemble(spec, language), null, 2)}\n`,
      ]),
      [`provisioning/alerting/${language}/rules.yaml`, alertingFile(language)],
    ]),
  );

if (import.meta.main) {
  for (const folder of ['generated', 'provisioning/alerting'])
    rmSync(join(import.meta.dirname, folder), { recursive: true, force: true });
  for (const [path, text] of generatedFiles()) {
    const file = join(import.meta.dirname, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
