import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const paths = ['/usr/bin/openssl', '/usr/local/bin/openssl', '/opt/homebrew/bin/openssl'];
const openssl = paths.find((path) => existsSync(path));

/** Why tests with certificates are skipped. */
export const opensslMissing = openssl ? '' : ' (SKIPPED: openssl is not installed; apt-get install openssl)';

export interface PemFiles {
  readonly cert: string;
  readonly key: string;
}

const request = (folder: string, name: string, options: readonly string[]): PemFiles => {
  if (!openssl) throw new Error('openssl is not installed');
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync(openssl, ['req', '-x509', ...curve, '-keyout', files.key, '-out', files.cert, ...options], {
    stdio: 'pipe',
  });
  return files;
};

/** A certificate authority of its own, valid for two days. */
export const createAuthority = (folder: string, name: string): PemFiles =>
  request(folder, name, ['-subj', `/CN=${name}`]);

/** A certificate for a host, or of a client, signed by an authority. */
export const createCertificate = (folder: string, host: string, authority: PemFiles): PemFiles => {
  const extensions = [`subjectAltName=DNS:${host}`, 'basicConstraints=critical,CA:FALSE'];
  const options = extensions.flatMap((extension) => ['-addext', extension]);
  return request(folder, host, ['-subj', `/CN=${host}`, ...options, '-CA', authority.cert, '-CAkey', authority.key]);
};
