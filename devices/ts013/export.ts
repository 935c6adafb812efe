import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CatalogueEntry } from '../catalogue.ts';
import type { DeviceProfile } from '../profile.ts';
import { type Vector, vectorsFileSchema } from '../vectors-file.ts';
import type { ExportedProfile } from './runtime.ts';
import { shims } from './shims.ts';

const here = new URL('../', import.meta.url);
/** Name under which the bundler finds the module that joins codec and runtime. */
const ENTRY = 'plietsch:entry';
/** An example a kind of frame is plenty; some models have a hundred vectors. */
const MAX_EXAMPLES = 10;

/**
 * One JavaScript file with the functions of LoRa Alliance TS013-1.0.0 for a model, and examples: for a neighbour whose
 * network server shall decode the device without this hub.
 */
export const exportTs013 = async ({ profile, downlink }: CatalogueEntry): Promise<string> => {
  const bundle = await bundleOf(profile, downlink !== undefined);
  const examples = JSON.stringify(await examplesOf(profile), null, 1);
  return [
    headOf(profile),
    shims,
    bundle,
    'function decodeUplink(input) {\n  return plietschCodec.decodeUplink(input);\n}\n',
    ...(downlink ? ['function encodeDownlink(input) {\n  return plietschCodec.encodeDownlink(input);\n}\n'] : []),
    `/** Frames and what they decode into, in the form of TS013's examples.json. */\nvar examples = ${examples};\n`,
  ].join('\n');
};

const headOf = ({ id, version, name, datasheet, parameters }: DeviceProfile): string => {
  const variables = Object.entries(parameters).map(
    ([key, { unit, description }]) =>
      ` *   ${key}${unit === undefined ? '' : ` (${unit})`}: ${description.replaceAll('*/', '')}`,
  );
  return [
    '/**',
    ` * ${name.en}: profile ${id} ${version} of plietsch, made by \`plietsch profiles export\`.`,
    ` * Format: ${datasheet}`,
    ...(variables.length > 0 ? [' * Variables of the device that are read:', ...variables] : []),
    ' * SPDX-License-Identifier: EUPL-1.2',
    ' */',
  ].join('\n');
};

const bundleOf = async (profile: DeviceProfile, takesDownlinks: boolean): Promise<string> => {
  const { rolldown } = await import('rolldown');
  const entry = entryOf(profile, takesDownlinks);
  await using build = await rolldown({
    input: ENTRY,
    plugins: [
      {
        name: 'plietsch-entry',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? { code: entry, moduleType: 'ts' } : null),
      },
    ],
    transform: { target: 'es2020' },
    treeshake: true,
    logLevel: 'warn',
  });
  const { output } = await build.generate({ format: 'iife', name: 'plietschCodec', comments: { legal: true } });
  return output[0].code;
};

const entryOf = ({ id, fPorts, parameters }: DeviceProfile, takesDownlinks: boolean): string => {
  const path = (file: string): string => JSON.stringify(fileURLToPath(new URL(file, here)));
  const types = Object.fromEntries(Object.entries(parameters).map(([name, { type }]) => [name, type]));
  const exported: ExportedProfile = { fPorts, parameters: types };
  return `import { codec } from ${path(`${id}/codec.ts`)};
import { createDecodeUplink } from ${path('ts013/runtime.ts')};
export const decodeUplink = createDecodeUplink(codec, ${JSON.stringify(exported)});
${takesDownlinks ? encoderOf(id, path) : ''}`;
};

const encoderOf = (id: string, path: (file: string) => string): string =>
  `import { downlinkEncoder } from ${path(`${id}/downlink.ts`)};
import { createEncodeDownlink } from ${path('ts013/runtime.ts')};
export const encodeDownlink = createEncodeDownlink(downlinkEncoder);`;

const examplesOf = async ({ id }: DeviceProfile): Promise<object[]> => {
  const file = vectorsFileSchema.parse(JSON.parse(await readFile(new URL(`${id}/vectors.json`, here), 'utf8')));
  return file.vectors
    .filter(({ records }) => records !== undefined)
    .slice(0, MAX_EXAMPLES)
    .map(exampleOf);
};

const exampleOf = ({ note, source, fPort, hex, receivedAt, records = [] }: Vector): object => {
  const current = records.filter(({ time }) => time === undefined).map(({ fields }) => fields);
  const timed = records.filter(({ time }) => time !== undefined).map(({ time, fields }) => ({ time, ...fields }));
  return {
    type: 'uplink',
    description: note ?? source,
    input: { bytes: hex, fPort, ...(receivedAt !== undefined && { recvTime: receivedAt }) },
    output: { data: Object.assign({}, ...current, timed.length > 0 ? { records: timed } : {}) },
  };
};
