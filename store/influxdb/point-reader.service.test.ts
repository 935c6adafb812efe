import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Datastream } from '../../model/registry.ts';
import { DAY, HOUR, MINUTE } from '../../model/time.ts';
import { type Influxd, startInfluxd } from '../../test/services/influxd.ts';
import type { ObservationIndex } from '../observation-index.ts';
import { BatchWriter } from './batch-writer.ts';
import { InfluxConnection } from './connection.ts';
import { packOrigin, seriesKey } from './point.ts';
import { PointReader } from './point-reader.ts';

const T0 = Date.UTC(2026, 9, 1);
/** More series, and more points of the first one, than the server puts into one chunk of its answer. */
const SERIES = 5_500;
const POINTS = 12_000;

const source = inject('influxd');
const skipped = source.kind === 'none' ? ` (SKIPPED: ${source.reason})` : '';

const streams = Array.from({ length: SERIES }, (_, key): Datastream => {
  return { id: `slot-${key}.distance`, key, thing: `slot-${key}`, property: 'distance', unit: 'm' };
});
const byId = new Map(streams.map((stream) => [stream.id, stream]));

describe.skipIf(source.kind === 'none')(`point reader${skipped}`, () => {
  let influxd: Influxd;
  let connection: InfluxConnection;
  let reader: PointReader;
  beforeAll(async () => {
    influxd = await startInfluxd(source);
    const { url, org, adminToken: token } = influxd;
    connection = new InfluxConnection({ url, org, bucket: 'first', token, timeoutMs: 10_000, gzip: false });
    const index = { provenance: () => undefined } as unknown as ObservationIndex;
    reader = new PointReader({ connection, index, datastreamOf: (key) => streams[key] });
    // The first one every minute, the others once, each an hour before the one before.
    const point = (stream: Datastream, time: number) => ({
      text: `${seriesKey(stream)} value=${stream.key},origin=${packOrigin({ position: 1, record: 0, tests: 0, flag: 1 })}i ${time}`,
      of: time,
    });
    const lines = streams.flatMap((stream) =>
      stream.key === 0
        ? Array.from({ length: POINTS }, (_, i) => point(stream, T0 - i * MINUTE))
        : [point(stream, T0 - stream.key * HOUR)],
    );
    expect(await new BatchWriter(connection).write('first', lines)).toEqual([]);
  }, 60_000);
  afterAll(async () => {
    connection?.close();
    await influxd?.stop();
  });

  it('knows the newest of each datastream, of all time and since an instant, which is inclusive', async () => {
    const all = await reader.newest('distance', byId);
    expect(all.map(({ datastream }) => datastream).toSorted((a, b) => a - b)).toEqual(streams.map(({ key }) => key));
    expect(all.every(({ datastream, phenomenonTime }) => phenomenonTime === T0 - datastream * HOUR)).toBe(true);
    const lately = await reader.newest('distance', byId, T0 - 3 * HOUR);
    expect(lately.map(({ datastream }) => datastream).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
    expect(await reader.newest('distance', byId, T0 + 1)).toEqual([]);
  });

  it('reads a page that comes in several chunks', async () => {
    const [datastream] = streams;
    if (!datastream) throw new Error('no datastream');
    const page = await reader.page({ datastream, from: 0, to: T0 + DAY, descending: false, limit: 11_000 });
    expect(page).toHaveLength(11_000);
    expect(page.at(0)?.phenomenonTime).toBe(T0 - (POINTS - 1) * MINUTE);
  });

  it('looks up thousands of places at once, and finds nothing beside them', async () => {
    const keys = streams.map(({ key }) => ({ datastream: key, time: T0 - key * HOUR }));
    const found = await reader.at([...keys, { datastream: 1, time: T0 }, { datastream: SERIES, time: T0 }]);
    expect(found.map(({ datastream }) => datastream).toSorted((a, b) => a - b)).toEqual(streams.map(({ key }) => key));
    expect(found.every(({ datastream, value }) => value === datastream)).toBe(true);
    expect(await reader.at([])).toEqual([]);
  });
});
