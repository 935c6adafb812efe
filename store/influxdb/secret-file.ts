import { readFileSync } from 'node:fs';
import { HubError } from '../../model/errors.ts';

/** A secret in a file, without the line's end. Throws HUB_CONFIG_INVALID. */
export const readSecret = (file: string, path: string): string => {
  try {
    const secret = readFileSync(file, 'utf8').trim();
    if (secret !== '') return secret;
  } catch (cause) {
    throw new HubError('HUB_CONFIG_INVALID', `${path}: ${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  throw new HubError('HUB_CONFIG_INVALID', `${path}: ${file} is empty`);
};
