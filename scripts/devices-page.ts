import { readFileSync, writeFileSync } from 'node:fs';
import { type DeviceProfile, type FieldMapping, loadCatalogue } from '../devices/catalogue.ts';
import { observedProperties } from '../model/observed-properties.ts';
import { isUnitCode, units } from '../model/units.ts';

/** `npm run docs:devices` writes docs/devices.md from the catalogue; `npm run check:docs` fails where it is out of date. */
const file = new URL('../docs/devices.md', import.meta.url);

/** The page of the device catalogue, Markdown. */
export const devicesPage = async (): Promise<string> => {
  const profiles = (await loadCatalogue()).list().map(({ profile }) => profile);
  const makers = Map.groupBy(profiles, ({ vendor }) => vendor);
  const sections = [...makers]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([vendor, list]) => sectionOf(vendor, list));
  return `# Devices that plietsch decodes

${profiles.length} models of ${makers.size} makers. This page is written by \`npm run docs:devices\` from the profiles under \`devices/\`; how to
add a model stands in [devices/README.md](../devices/README.md). In the hub the same list is \`GET /api/v1/device-profiles\` and
\`plietsch profiles list\`; \`plietsch profiles guess\` finds the model of a frame.

${sections.join('\n')}`;
};

const sectionOf = (vendor: string, profiles: readonly DeviceProfile[]): string => `## ${vendor}

| profile | device | measures | device health | fPorts |
| --- | --- | --- | --- | --- |
${profiles.map(rowOf).join('\n')}
`;

const rowOf = ({ id, name, datasheet, fields, fPorts }: DeviceProfile): string => {
  const mappings = Object.values(fields);
  return `| \`${id}\` | [${name.en}](${datasheet}) | ${listOf(mappings, 'observation')} | ${listOf(mappings, 'health')} | ${fPorts.join(', ')} |`;
};

const listOf = (mappings: readonly FieldMapping[], role: 'observation' | 'health'): string => {
  const ids = new Set(mappings.flatMap((mapping) => (mapping.role === role ? [mapping.property] : [])));
  return [...ids].map(labelOf).join(', ') || '–';
};

const labelOf = (id: string): string => {
  const property = observedProperties.get(id);
  if (!property) return id;
  const symbol = isUnitCode(property.unit) ? units[property.unit].symbol : '';
  return `${property.name.en.toLowerCase()}${symbol === '' ? '' : ` (${symbol})`}`;
};

/** Whether the page says what the profiles say; blanks in tables are the formatter's business. */
export const isUpToDate = async (): Promise<boolean> => {
  const bare = (text: string): string => text.replaceAll(/[ -]+/g, ' ');
  try {
    return bare(readFileSync(file, 'utf8')) === bare(await devicesPage());
  } catch {
    return false;
  }
};

if (process.argv.includes('--write')) writeFileSync(file, await devicesPage());
