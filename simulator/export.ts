import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { formatRegion } from '../model/region-format.ts';
import { type EpochMs, formatTime } from '../model/time.ts';
import type { Counts } from './delivery.ts';
import type { Message } from './networks/message.ts';
import type { DemoNetwork } from './radio.ts';
import { createSimulation, type SimulationOptions } from './simulation.ts';
import { truthFiles } from './truth-files.ts';

/** Kind of network server behind each network of the demo. */
export const networkKinds: Readonly<Record<DemoNetwork, string>> = {
  'demo-chirpstack': 'chirpstack-v4',
  'demo-tts': 'the-things-stack-v3',
};

export interface Export {
  readonly messages: number;
  readonly counts: Readonly<Counts>;
}

/**
 * Writes a simulated span with its truth: region.yaml, messages.ndjson (at, network, networkKind, topic, body),
 * the files of truth-files.ts under truth/, and summary.json. `until` is exclusive.
 */
export const exportSimulation = async (
  options: SimulationOptions,
  { until, folder }: { readonly until: EpochMs; readonly folder: string },
): Promise<Export> => {
  const { region, from } = options;
  await mkdir(join(folder, 'truth'), { recursive: true });
  await writeFile(join(folder, 'region.yaml'), formatRegion(region));
  const simulation = createSimulation(options);
  const messages = await writeLines(join(folder, 'messages.ndjson'), messageLines(simulation.messages, until));
  for (const [name, lines] of Object.entries(truthFiles(simulation.world, { from, until })))
    await writeLines(join(folder, 'truth', `${name}.ndjson`), lines);
  const result = { messages, counts: simulation.counts };
  await writeFile(
    join(folder, 'summary.json'),
    `${JSON.stringify({ from: formatTime(from), until: formatTime(until), ...result }, null, 2)}\n`,
  );
  return result;
};

const writeLines = async (file: string, lines: Iterable<unknown>): Promise<number> => {
  let count = 0;
  const texts = function* (): Generator<string> {
    for (const line of lines) {
      count++;
      yield `${JSON.stringify(line)}\n`;
    }
  };
  await pipeline(texts, createWriteStream(file));
  return count;
};

function* messageLines(messages: Iterable<Message>, until: EpochMs): Generator<unknown> {
  for (const { at, network, topic, body } of messages) {
    if (at >= until) return;
    yield {
      at: formatTime(at),
      network,
      networkKind: networkKinds[network],
      topic,
      body: Buffer.from(body).toString('utf8'),
    };
  }
}
