import { createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { Aedes } from 'aedes';
import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../model/time.ts';
import type { SimulatorWorkerData, SimulatorWorkerMessage } from './worker.ts';

it('the worker thread publishes the history, goes live, and stops when told', async () => {
  let received = 0;
  const aedes = await Aedes.createBroker({
    authorizePublish: (_client, _packet, done) => {
      received++;
      done(null);
    },
  });
  const server = createServer(aedes.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const historyUntil = Date.now() - MINUTE;
  const login = { username: 'simulator', password: 'any' };
  const workerData: SimulatorWorkerData = {
    url: `mqtt://127.0.0.1:${port}`,
    credentials: { 'demo-chirpstack': login, 'demo-tts': login },
    seed: 1,
    from: historyUntil - 3 * HOUR,
    historyUntil,
  };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
  const messages: SimulatorWorkerMessage[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: SimulatorWorkerMessage) => {
        messages.push(message);
        if (message.phase === 'history' && message.at > historyUntil - 10 * MINUTE && message.published === received)
          worker.postMessage('stop');
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve());
    });
  } finally {
    await worker.terminate();
    await new Promise((resolve) => aedes.close(() => server.close(resolve)));
  }
  expect(messages.at(-1)).toEqual({ phase: 'stopped' });
  const history = messages.findLast((message) => message.phase === 'history');
  expect(history).toMatchObject({ published: expect.any(Number), total: expect.any(Number) });
  expect(received).toBeGreaterThan(1_000);
}, 30_000);
