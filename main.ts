#!/usr/bin/env -S node --max-semi-space-size=8
import { useCompileCache } from './compile-cache.ts';

useCompileCache();
const { run } = await import('./cli/program.ts');
await run();
