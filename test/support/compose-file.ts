import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

type Command = string | readonly string[];

export interface ComposeService {
  readonly image: string;
  readonly build?: unknown;
  readonly profiles?: readonly string[];
  readonly user: string;
  readonly entrypoint?: Command;
  readonly command?: Command;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart: string;
  readonly init?: boolean;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly deploy?: { readonly resources: { readonly limits: Readonly<Record<string, string | number>> } };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const file = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));

export const composeText = (): string => readFileSync(file, 'utf8');

export const readComposeFile = (): ComposeFile => parse(composeText(), { merge: true }) as ComposeFile;

/** `${NAME:-default}`, `${NAME:?message}` and `$$`, as Compose replaces them; any other use of $ is refused. */
export const interpolate = (text: string, variables: Readonly<Record<string, string>> = {}): string =>
  text.replace(
    /\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\}|)/g,
    (found, dollar?: string, name?: string, kind?: string, rest = '') => {
      if (dollar !== undefined) return '$';
      if (name === undefined) throw new Error(`${found} is no variable in: ${text}`);
      const value = variables[name] ?? '';
      if (value !== '') return value;
      if (kind === '-') return rest;
      throw new Error(kind === '?' ? rest : `${name} is not set`);
    },
  );
