import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { expect, it, vi } from 'vitest';
import { createTestApi } from './api/testing.ts';
import { Demo, demoNetworks } from './demo.ts';
import { newFolder } from './test/support/hub-process.ts';

const workers = vi.hoisted(() => [] as EventEmitter[]);
vi.mock('node:worker_threads', async (original) => ({
  ...(await original<object>()),
  Worker: class extends EventEmitter {
    constructor() {
      super();
      workers.push(this);
    }
  },
}));

/** A demo whose simulator says what the test wants. */
const startDemo = async (folder: string) => {
  const { app, deps } = await createTestApi();
  const logger = pino({ level: 'silent' });
  const warn = vi.spyOn(logger, 'warn');
  const file = join(folder, 'demo.json');
  const commands = { ...deps.commands, applyEntities: async () => [] };
  await new Demo({ mqttPort: 1, networks: demoNetworks(), commands, file, logger, clock: deps.clock }).start();
  await app.close();
  return { file, warn, say: (at: number) => workers.at(-1)?.emit('message', { phase: 'live', at, published: 1 }) };
};

it('writes down how far the simulation has come', async () => {
  const { file, say } = await startDemo(newFolder('demo'));
  say(5);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ seed: 1, at: 5 });
});

it('survives a folder that cannot be written', async () => {
  const { file, warn, say } = await startDemo('/nowhere');
  say(5);
  expect(warn).toHaveBeenCalledOnce();
  expect(existsSync(file)).toBe(false);
});
