import type { TestProject } from 'vitest/node';
import { findInfluxd, type InfluxdSource } from './find-influxd.ts';
import { findToxiproxy, type ToxiproxySource } from './find-toxiproxy.ts';

const NOT_LOOKED_FOR: ToxiproxySource = { kind: 'none', reason: 'only tests of faults have a Toxiproxy' };

/** `none` says that it was looked for already, so that nobody tries to build one again. */
const lookForInfluxd = async (): Promise<InfluxdSource> =>
  process.env.PLIETSCH_TEST_INFLUXD === 'none'
    ? { kind: 'none', reason: 'no influxd: PLIETSCH_TEST_INFLUXD says none' }
    : findInfluxd();

/** Looks once for what the tests with real services need, and hands it to every test file. */
export default async (project: TestProject): Promise<void> => {
  project.provide('influxd', await lookForInfluxd());
  project.provide('toxiproxy', project.name === 'faults' ? findToxiproxy() : NOT_LOOKED_FOR);
};

declare module 'vitest' {
  interface ProvidedContext {
    influxd: InfluxdSource;
    toxiproxy: ToxiproxySource;
  }
}
