import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { StatsMessage } from './engine/protocol.ts';
import { type ErrorCode, errorCatalogue } from './model/errors.ts';
import { type CounterName, type Counters, counterNames, type PartState } from './model/ports.ts';

/** What the hub tells Prometheus. Labels are bounded: never a device. */
export interface HubMetrics {
  readonly registry: Registry;
  readonly counters: Counters;
  /** Takes over the totals of the writer thread. */
  update(stats: StatsMessage): void;
  setWaiting(uplinks: number): void;
  setStates(states: readonly PartState[]): void;
  setDisk(disk: { freeBytes: number; storeBytes: number }): void;
}

/** What makes a message a dead letter. */
const deadLetterCodes = (Object.keys(errorCatalogue) as ErrorCode[]).filter((code) =>
  /^HUB_(ENVELOPE_|CODEC_(UNKNOWN|PAYLOAD|FAILED)|JOURNAL_|NETWORK_|STORE_REJECTED)/.test(code),
);

export const createMetrics = (version: string): HubMetrics => {
  const registry = new Registry();
  const registers = [registry];
  const totals = new Map<string, number>();

  /** A counter fed by totals of another thread: only the difference is added. */
  const raise = (counter: Counter, labels: Record<string, string>, total: number): void => {
    const key = `${(counter as unknown as { name: string }).name}|${Object.values(labels).join('|')}`;
    const by = total - (totals.get(key) ?? 0);
    // Nought is told too: what appears with its first count shows no growth.
    counter.inc(labels, Math.max(0, by));
    totals.set(key, total);
  };
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers });

  gauge('plietsch_build_info', 'Version of the hub', ['version']).set({ version }, 1);
  const received = counter('plietsch_uplinks_received_total', 'Messages handed over by network servers', ['network']);
  const duplicates = counter('plietsch_uplinks_duplicate_total', 'Messages that were in the journal already', [
    'network',
  ]);
  const outcomes = counter('plietsch_entries_settled_total', 'Journal entries by outcome of their projection', [
    'network',
    'outcome',
  ]);
  const deadLetters = counter('plietsch_dead_letters_total', 'Dead letters by error code', ['code']);
  for (const code of deadLetterCodes) deadLetters.inc({ code }, 0);
  const observations = counter('plietsch_observations_stored_total', 'Observations written, replays included');
  const commits = new Histogram({
    name: 'plietsch_journal_commit_seconds',
    help: 'Duration of the commits of journal and projection',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const head = gauge('plietsch_journal_head', 'Position of the newest journal entry');
  const lag = gauge('plietsch_projection_lag_entries', 'Journal entries that a projection has still to read', [
    'projection',
  ]);
  const dirty = gauge('plietsch_dirty_windows', 'Windows whose derived figures are to be computed anew');
  const ready = gauge('plietsch_part_ready', 'Whether a part of the hub is ready (1) or not (0)', ['part']);
  const waiting = gauge('plietsch_intake_waiting', 'Uplinks handed over and not yet durable');
  const free = gauge('plietsch_disk_free_bytes', 'Free bytes on the disk of the data folder');
  const store = gauge('plietsch_store_bytes', 'Bytes of the embedded store');
  new Gauge({
    name: 'plietsch_process_resident_bytes',
    help: 'Memory of the hub',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'plietsch_process_cpu_seconds',
    help: 'Processor time of the hub since it started',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.set((user + system) / 1e6);
    },
  });
  const named = new Map(
    Object.entries(counterNames).map(([name, help]) => [
      name,
      counter(name, help, ['transport', 'result', 'reason', 'network']),
    ]),
  );

  return {
    registry,
    counters: {
      add: (name: CounterName, labels = {}, by = 1) => named.get(name)?.inc(labels, by),
    },
    update: (stats) => {
      for (const [network, totals] of Object.entries(stats.networks)) {
        raise(received, { network }, totals.received);
        raise(duplicates, { network }, totals.duplicates);
        for (const [outcome, total] of Object.entries(totals.outcomes))
          if (outcome !== 'pending') raise(outcomes, { network, outcome }, total);
      }
      raise(observations, {}, stats.observations);
      for (const [code, total] of Object.entries(stats.deadLetters)) raise(deadLetters, { code }, total);
      for (const ms of stats.commitsMs) commits.observe(ms / 1000);
      head.set(stats.head);
      lag.set({ projection: 'observations' }, stats.head - stats.cursor);
      dirty.set(stats.dirty);
    },
    setWaiting: (uplinks) => waiting.set(uplinks),
    setStates: (states) => {
      for (const { part, ready: isReady } of states) ready.set({ part }, isReady ? 1 : 0);
    },
    setDisk: ({ freeBytes, storeBytes }) => {
      free.set(freeBytes);
      store.set(storeBytes);
    },
  };
};
