import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a running hub can be reached, as it wrote down itself; only its owner may read the file. */
export interface RunFile {
  readonly pid: number;
  readonly httpUrl: string;
  readonly httpPort: number;
  readonly mqttPort: number | null;
  /** Bearer token of an administrator, new with every start. */
  readonly credential: string;
}

const fileIn = (dataFolder: string): string => join(dataFolder, 'run.json');

export const readRunFile = (dataFolder: string): RunFile | undefined => {
  try {
    return JSON.parse(readFileSync(fileIn(dataFolder), 'utf8')) as RunFile;
  } catch {
    return undefined;
  }
};

export const writeRunFile = (dataFolder: string, run: RunFile): void => {
  removeRunFile(dataFolder);
  writeFileSync(fileIn(dataFolder), `${JSON.stringify(run, undefined, 2)}\n`, { mode: 0o600 });
};

export const removeRunFile = (dataFolder: string): void => rmSync(fileIn(dataFolder), { force: true });

/** Calls the API with the rights of the local command line. */
export interface HubAnswer {
  readonly status: number;
  readonly body: unknown;
}
export type HubCall = (method: string, path: string, body?: unknown) => Promise<HubAnswer>;
