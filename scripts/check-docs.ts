import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errorCatalogue } from '../model/errors.ts';
import packageJson from '../package.json' with { type: 'json' };
import { isUpToDate } from './devices-page.ts';

/**
 * What the documentation says must be there: files that it names or links, npm scripts, commands of plietsch, and error
 * codes. Prints how much it checked; exit code 1 with every fault.
 */
const root = resolve(import.meta.dirname, '..');
const documents = globSync('**/*.md', {
  cwd: root,
  exclude: (name) => ['node_modules', 'data', 'dist'].includes(name),
});
const commands = new Set(
  globSync('cli/*.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\.command\('([a-z-]+)'/g)].map((match) => match[1]),
  ),
);
const rooms =
  /^(model|devices|ingest|store|derive|usecases|api|console|dashboards|simulator|engine|cli|test|bench|scripts|docs|deploy)\/|^[a-z]+\.(ts|md|yml|json)$|^\.ci\//;

const faults: string[] = [];
let checked = 0;

const check = (fine: boolean, fault: string): void => {
  checked++;
  if (!fine) faults.push(fault);
};

const isThere = (document: string, path: string): boolean => {
  const bare = path.replace(/[#?].*$/, '');
  // Patterns, and what is built or written at run time.
  if (/[<>*{}…]|\/(dist|results)\b/.test(bare)) return true;
  if (existsSync(join(root, bare)) || existsSync(join(root, dirname(document), bare))) return true;
  // A room's page names files of its folders by their bare name.
  return (
    !bare.includes('/') &&
    dirname(document) !== '.' &&
    globSync(`${dirname(document)}/**/${bare}`, { cwd: root }).length > 0
  );
};

for (const document of documents) {
  const text = readFileSync(join(root, document), 'utf8');
  for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (!/^[a-z]+:/.test(link) && !link.startsWith('#')) check(isThere(document, link), `${document}: link to ${link}`);
  }
  for (const [, code = ''] of text.matchAll(/`([^`\n]+)`/g)) {
    if (rooms.test(code) && !code.includes(' ')) check(isThere(document, code), `${document}: path ${code}`);
    if (/^HUB_[A-Z_]+[A-Z]$/.test(code)) check(Object.hasOwn(errorCatalogue, code), `${document}: error code ${code}`);
  }
  for (const [, script = ''] of text.matchAll(/npm run ([a-z:-]+)/g))
    check(script in packageJson.scripts, `${document}: npm run ${script}`);
  for (const [, command = ''] of text.matchAll(/(?:npx |`)plietsch ([a-z][a-z-]*)/g))
    check(commands.has(command), `${document}: plietsch ${command}`);
}

check(await isUpToDate(), 'docs/devices.md: does not say what the profiles say, run npm run docs:devices');

for (const fault of faults) console.error(fault);
console.log(`${documents.length} documents, ${checked} paths, commands and codes checked, ${faults.length} wrong`);
process.exitCode = faults.length === 0 ? 0 : 1;
