import type { TestProject } from 'vitest/node';
import { findInfluxd, type InfluxdSource } from './find-influxd.ts';

/** Looks once for what the tests with real services need, and hands it to every test file. */
export default async ({ provide }: TestProject): Promise<void> => {
  provide('influxd', await findInfluxd());
};

declare module 'vitest' {
  interface ProvidedContext {
    influxd: InfluxdSource;
  }
}
