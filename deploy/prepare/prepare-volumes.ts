import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Owner, services } from './prepare.ts';

/**
 * The step `prepare` of docker-compose.yml: `prepare-volumes.ts SERVICE...` lays each service's settings and secrets into its
 * volume, where no other service can read them, and makes its data volumes its own. Runs as root, at every start.
 */
const sources = { stack: '/stack', deploy: resolve(import.meta.dirname, '..'), random: randomBytes };
const volumes = '/volumes';

/** Whole or not at all: a service that runs must never read half a file. */
const place = (volume: string, { name, text, owner }: { name: string; text: string; owner: Owner }): void => {
  const file = join(volume, name);
  const folder = dirname(file);
  if (folder !== volume) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chownSync(folder, owner.uid, owner.gid);
  }
  const partial = join(folder, `.${basename(file)}.partial`);
  writeFileSync(partial, text, { mode: 0o400 });
  chownSync(partial, owner.uid, owner.gid);
  renameSync(partial, file);
};

const prepare = (name: string): void => {
  const service = services[name];
  if (!service) throw new Error(`There is no service ${name}; there are ${Object.keys(services).join(', ')}`);
  const { owner, data, config, files } = service;
  for (const volume of [...data, ...(config === undefined ? [] : [config])]) {
    const folder = join(volumes, volume);
    if (!existsSync(folder)) throw new Error(`The volume ${folder} is not mounted`);
    chownSync(folder, owner.uid, owner.gid);
  }
  if (config === undefined) return;
  const texts = Object.entries(files(sources));
  for (const [file, text] of texts) place(join(volumes, config), { name: file, text, owner });
  console.log(`${name}: ${texts.map(([file]) => file).join(', ')}`);
};

try {
  for (const name of process.argv.slice(2)) prepare(name);
} catch (thrown) {
  console.error(`prepare: ${(thrown as Error).message}`);
  process.exitCode = 1;
}
