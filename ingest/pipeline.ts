import type { PipelineContext, Step, Stop, Work } from './step.ts';
import { decode } from './steps/decode.ts';
import { identify } from './steps/identify.ts';
import { limit } from './steps/limit.ts';
import { locate } from './steps/locate.ts';
import { qualify } from './steps/qualify.ts';

/** From a device frame to observations. */
export const steps: readonly (readonly [name: string, step: Step])[] = [
  ['identify', identify],
  ['limit', limit],
  ['decode', decode],
  ['locate', locate],
  ['qualify', qualify],
];

/** Runs the steps; answers why it stopped, or undefined when the uplink became observations. */
export const runPipeline = (work: Work, context: PipelineContext): Stop | undefined => {
  for (const [, step] of steps) {
    const stop = step(work, context);
    if (stop) return stop;
  }
  return work.verdict;
};
