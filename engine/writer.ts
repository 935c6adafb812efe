import { parentPort, workerData } from 'node:worker_threads';
import type { EngineSettings, ToEngine } from './protocol.ts';
import { startWriter } from './writer-loop.ts';

/** Entry of the writer thread: everything that writes runs here, one step after the other. */
const port = parentPort;
if (!port) throw new Error('engine/writer.ts runs as a worker thread');

const writer = await startWriter(workerData as EngineSettings, (message, transfer = []) =>
  port.postMessage(message, [...transfer]),
);
port.on('message', (message: ToEngine) => writer.receive(message));
await writer.run();
writer.close();
port.close();
