import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { formatRegion } from '../model/region-format.ts';
import { type EpochMs, formatTime, HOUR } from '../model/time.ts';
import type { Counts } from './delivery.ts';
import type { Message } from './networks/message.ts';
import type { DemoNetwork } from './radio.ts';
import { rounded } from './rounded.ts';
import { GAUGE_INTERVAL } from './sensors/gauges.ts';
import { WEATHER_INTERVAL } from './sensors/weather.ts';
import { createSimulation, type SimulationOptions } from './simulation.ts';
import { TRAFFIC_INTERVAL } from './truth/traffic.ts';
import type { World } from './truth/world.ts';

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
 * truth/{fill,emptyings,traffic,water-levels,weather,storms}.ndjson and summary.json. `until` is exclusive.
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
  for (const [name, lines] of Object.entries(truthLines(simulation.world, from, until)))
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

function* times(from: EpochMs, until: EpochMs, step: number): Generator<EpochMs> {
  for (let time = Math.ceil(from / step) * step; time < until; time += step) yield time;
}

/** What is true, as lines of each file. */
const truthLines = (
  { placed, storms }: World,
  from: EpochMs,
  until: EpochMs,
): Readonly<Record<string, Iterable<unknown>>> => {
  const of = <K extends (typeof placed)[number]['truth']['kind']>(kind: K) =>
    placed.flatMap(({ thing, truth }) =>
      truth.kind === kind ? [{ thing: thing.id, truth: truth as Extract<typeof truth, { kind: K }> }] : [],
    );
  return {
    fill: lines(of('container_slot'), ({ thing, truth }) =>
      [...times(from, until, HOUR)].map((time) => ({
        thing,
        time: formatTime(time),
        fillPercent: rounded(truth.slot.fillPercent(time), 3),
      })),
    ),
    emptyings: lines(of('container_slot'), ({ thing, truth }) =>
      truth.slot.events(from, until).map(({ kind, at, beforePercent, afterPercent }) => ({
        thing,
        kind,
        time: formatTime(at),
        beforePercent: rounded(beforePercent, 3),
        afterPercent: rounded(afterPercent, 3),
      })),
    ),
    traffic: lines(of('road_cross_section'), ({ thing, truth }) =>
      [...times(from, until, TRAFFIC_INTERVAL)].map((end) => {
        const { from: begin, to, all, categories } = truth.traffic.interval(end);
        return { thing, from: formatTime(begin), to: formatTime(to), all, categories };
      }),
    ),
    'water-levels': lines(of('gauge'), ({ thing, truth }) =>
      [...times(from, until, GAUGE_INTERVAL)].map((time) => ({
        thing,
        time: formatTime(time),
        levelM: rounded(truth.water.levelM(time), 4),
      })),
    ),
    weather: lines(of('weather_station'), ({ thing, truth }) =>
      [...times(from, until, WEATHER_INTERVAL)].map((time) => ({
        thing,
        time: formatTime(time),
        ...truth.weather.at(time),
      })),
    ),
    storms: storms
      .between(from, until)
      .map(({ peakAt, surgeM }) => ({ peakAt: formatTime(peakAt), surgeM: rounded(surgeM, 3) })),
  };
};

function* lines<T>(items: readonly T[], of: (item: T) => readonly unknown[]): Generator<unknown> {
  for (const item of items) yield* of(item);
}
