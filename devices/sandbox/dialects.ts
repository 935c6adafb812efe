import { HubError } from '../../model/errors.ts';

/** How network servers call a codec script; which functions a script has says which dialects it speaks. */
export const dialects = ['ts013', 'chirpstack-v4', 'chirpstack-v3', 'the-things-stack', 'ttn-v2', 'actility'] as const;
export type Dialect = (typeof dialects)[number];

/** Names of the functions found in a script. */
export interface ScriptFunctions {
  readonly names: readonly string[];
}

/** ChirpStack wraps scripts as modules, which are strict; engines of the others run them sloppily. */
export const isStrict = (dialect: Dialect): boolean => dialect === 'chirpstack-v4';

/** What decides between dialects, most telling first: files for several network servers define several functions. */
const marks: readonly (readonly [name: string, dialect: Dialect])[] = [
  ['decodeUplink', 'ts013'],
  ['Decode', 'chirpstack-v3'],
  ['Decoder', 'ttn-v2'],
  ['driver.decodeUplink', 'actility'],
  ['exports.decodeUplink', 'ts013'],
];

/** The dialect of a script by its functions. Throws HUB_CODEC_FAILED where it has none that decodes. */
export const detectDialect = ({ names }: ScriptFunctions): Dialect => {
  const found = marks.find(([name]) => names.includes(name));
  if (found) return found[1];
  throw new HubError(
    'HUB_CODEC_FAILED',
    'The script has none of the functions decodeUplink, Decode, Decoder, driver.decodeUplink, exports.decodeUplink',
  );
};
