import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { HubError } from '../../model/errors.ts';

/** PEM files by their paths. */
export interface CertificateFiles {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/**
 * Throws HUB_CONFIG_INVALID where a file cannot be read or used, naming the setting by `what`: node:tls trusts nobody
 * where `ca` is no certificate, and throws later.
 */
export const readCertificates = async (
  what: string,
  files: CertificateFiles,
): Promise<{ ca?: Buffer; cert?: Buffer; key?: Buffer }> => {
  const [ca, cert, key] = await Promise.all([files.ca, files.cert, files.key].map((file) => readPem(what, file)));
  try {
    if (ca) new X509Certificate(ca);
    createSecureContext({ ca, cert, key });
  } catch (cause) {
    const detail = `${what}: ca, cert and key cannot be used: ${(cause as Error).message}`;
    throw new HubError('HUB_CONFIG_INVALID', detail, { cause });
  }
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
};

const readPem = async (what: string, file: string | undefined): Promise<Buffer | undefined> => {
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (cause) {
    throw new HubError('HUB_CONFIG_INVALID', `${what}: ${file} cannot be read`, { cause });
  }
};
