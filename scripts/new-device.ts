import { access, mkdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

/** `npm run new:device vendor/model`: makes a device room to be filled in; the check fails until it is. */

const ID = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/;

const profile = (id: string) => {
  const [vendor, model] = id.split('/');
  return {
    id,
    vendor: `TODO ${vendor}`,
    model: `TODO ${model}`,
    name: { de: 'TODO was es ist, auf Deutsch', en: 'TODO what it is' },
    version: '1.0.0',
    datasheet: 'https://example.org/TODO',
    fPorts: [1],
    reportingIntervalS: 3600,
    stateHorizonS: 0,
    maxUplinksPerHour: 240,
    parameters: {},
    fields: {
      distance: { role: 'observation', property: 'distance', unit: 'mm' },
      temperature: { role: 'health', property: 'device_temperature', unit: 'Cel' },
      battery_voltage: { role: 'health', property: 'battery_voltage', unit: 'V' },
    },
  };
};

const codec = `import type { Codec } from '../../codec.ts';
import { cursorAt, payloadError, remaining } from '../../formats/byte-reader.ts';
import { type Fields, type Part, readPart } from '../../formats/part.ts';

/** TODO: the document that describes these bytes, and their order (u16 is big endian, u16le little). */
const parts: readonly Part[] = [
  { field: 'distance', type: 'u16', missing: [65535] },
  { field: 'temperature', type: 's16', divisor: 10 },
  { field: 'battery_voltage', type: 'u16', divisor: 1000 },
];

export const codec: Codec = {
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    const fields: Fields = {};
    for (const part of parts) readPart(cursor, part, fields);
    if (remaining(cursor) > 0) throw payloadError(\`\${remaining(cursor)} bytes more than the format has\`);
    return { records: [{ fields }], warnings: [] };
  },
};
`;

const vectors = {
  vectors: [
    {
      source: 'TODO where this payload comes from (repository@commit:path, or "computed from <datasheet>")',
      licence: 'TODO licence of that source; EUPL-1.2 where the vector is our own',
      note: 'TODO at least three payloads that decode and two that must not; see devices/README.md',
      fPort: 1,
      hex: '',
      records: [{ fields: {} }],
    },
  ],
};

/** Writes the room's files into `folder`/vendor/model/; answers where. Refuses an existing room. */
export const makeRoom = async (folder: URL, id: string): Promise<URL> => {
  if (!ID.test(id))
    throw new Error(`"${id}" is no vendor/model; write it in lower case with hyphens, e.g. milesight/em500-udl`);
  const room = new URL(`${id}/`, folder);
  const exists = await access(room).then(
    () => true,
    () => false,
  );
  if (exists) throw new Error(`devices/${id} is there already`);
  await mkdir(room, { recursive: true });
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  await writeFile(new URL('profile.json', room), json(profile(id)));
  await writeFile(new URL('codec.ts', room), codec);
  await writeFile(new URL('vectors.json', room), json(vectors));
  return room;
};

const main = async (id: string | undefined): Promise<void> => {
  if (id === undefined) {
    process.stderr.write('Which device? npm run new:device vendor/model\n');
    process.exitCode = 2;
    return;
  }
  try {
    await makeRoom(new URL('../devices/', import.meta.url), id);
    process.stdout.write(
      `devices/${id} is made. Replace every TODO, then: npx vitest run devices\nHow: devices/README.md\n`,
    );
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    process.exitCode = 1;
  }
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await main(process.argv[2]);
