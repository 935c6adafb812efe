import { loadConfig } from '../../config.ts';
import { createHub } from '../../hub.ts';

/** A hub whose `synchronous` is the first argument: what the power-cut test must see fail when it is lowered. */
const synchronous = process.argv[2] as 'FULL' | 'NORMAL' | 'OFF';
await createHub(loadConfig(), { synchronous }).start();
