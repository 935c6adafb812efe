import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Where Node keeps what it makes of source files: types stripped, code compiled. With it a command starts in 1.5 s instead
 * of 2.0, and an idle hub takes 218 MiB instead of 243, as the type stripper need not be loaded. A folder of the program's
 * own, since one that others can write to would let them choose what runs.
 */
const folder = fileURLToPath(new URL('./node_modules/.cache/plietsch', import.meta.url));

/** To be called before anything else is imported; where the folder cannot be written, nothing changes. */
export const useCompileCache = (): void => {
  enableCompileCache(folder);
};

/** Environment of worker threads: they need this and nothing of the process's own. */
export const threadEnvironment = { NODE_COMPILE_CACHE: folder } as const;
