import type { Observation } from '../../model/observation.ts';
import { BatchWriter, type RefusedLine } from './batch-writer.ts';
import type { InfluxConnection } from './connection.ts';
import { type DatastreamOf, knownDatastream } from './known-datastream.ts';
import { lineOf, seriesKey } from './point.ts';

interface PointWriterDeps {
  readonly connection: InfluxConnection;
  readonly datastreamOf: DatastreamOf;
}

/** Writes observations as points. */
export class PointWriter {
  readonly #deps: PointWriterDeps;
  readonly #writer: BatchWriter;
  readonly #keys = new Map<number, string>();

  constructor(deps: PointWriterDeps) {
    this.#deps = deps;
    this.#writer = new BatchWriter(deps.connection);
  }

  /** Throws as BatchWriter does, and HUB_INTERNAL where there is no such datastream. */
  async write(observations: readonly Observation[], inDoubt?: () => void): Promise<RefusedLine<Observation>[]> {
    const lines = observations.map((of) => ({ text: lineOf(this.#key(of.datastream), of), of }));
    return this.#writer.write(this.#deps.connection.settings.bucket, lines, inDoubt);
  }

  #key(datastream: number): string {
    let key = this.#keys.get(datastream);
    if (key === undefined) {
      key = seriesKey(knownDatastream(this.#deps.datastreamOf, datastream));
      this.#keys.set(datastream, key);
    }
    return key;
  }
}
