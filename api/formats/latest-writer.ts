import { MINUTE, SECOND } from '../../model/time.ts';
import type { Reader, SeenObservation } from '../access.ts';
import type { Stream } from '../visibility.ts';
import type { ByteSink } from './byte-sink.ts';
import { createTestsText, createTimeText, numberText, qualityName } from './cell-text.ts';

type LatestFormat = 'json' | 'geojson';

/** The parts of an entry that stay the same as long as the registry does. */
interface Frame {
  readonly begin: Uint8Array;
  readonly end: Uint8Array;
}

/** Writes the newest value of a datastream as JSON. */
type WriteLatest = (stream: Stream, observation: SeenObservation) => void;

interface LatestContext {
  readonly reader: Reader;
  readonly now: number;
  readonly sink: ByteSink;
}

const encoder = new TextEncoder();

const withoutBraces = (value: object): string => JSON.stringify(value).slice(1, -1);

const idsOf = ({ datastream }: Stream) => ({
  datastream: datastream.id,
  property: datastream.property,
  ...(datastream.channel !== undefined && { channel: datastream.channel }),
  unit: datastream.unit,
});

const placeOf = ({ thing, site, municipality, useCase, delayMs }: Stream) => ({
  delayMinutes: delayMs / MINUTE,
  useCase,
  thing: { id: thing.id, name: thing.name, kind: thing.kind, simulated: thing.simulated },
  ...(site && { site: { id: site.id, name: site.name } }),
  ...(municipality && { municipality: { id: municipality.id, name: municipality.name } }),
});

const jsonFrame = (stream: Stream): Frame => ({
  begin: encoder.encode(`{${withoutBraces(idsOf(stream))},`),
  end: encoder.encode(
    `,${withoutBraces({ ...placeOf(stream), ...(stream.site && { coordinates: stream.site.geometry.coordinates }) })}}`,
  ),
});

const featureFrame = (stream: Stream): Frame => {
  const { datastream, site } = stream;
  const geometry = site ? { type: 'Point', coordinates: site.geometry.coordinates } : null;
  const feature = { type: 'Feature', id: datastream.id, geometry };
  return {
    begin: encoder.encode(`{${withoutBraces(feature)},"properties":{${withoutBraces(idsOf(stream))},`),
    end: encoder.encode(`,${withoutBraces(placeOf(stream))}}}`),
  };
};

/**
 * Writers of newest values that remember what does not change: a map of ten thousand is written in some milliseconds. A
 * stream is made anew with each change of the registry, and what was remembered of it goes with it.
 */
export const createLatestWriter = (): ((format: LatestFormat, context: LatestContext) => WriteLatest) => {
  const frames = { json: new WeakMap<Stream, Frame>(), geojson: new WeakMap<Stream, Frame>() };
  const make = { json: jsonFrame, geojson: featureFrame };
  const timeText = createTimeText();
  const testsText = createTestsText((tests) => JSON.stringify(tests));
  return (format, { reader, now, sink }) =>
    (stream, observation) => {
      let frame = frames[format].get(stream);
      if (!frame) {
        frame = make[format](stream);
        frames[format].set(stream, frame);
      }
      const { value, flag, tests, phenomenonTime, withheld } = observation;
      const intervalS = reader.reportingIntervalS(stream, observation);
      sink.bytes(frame.begin);
      sink.ascii(
        `"value":${value === null ? 'null' : numberText(value)},"flag":${flag},"quality":"${qualityName(flag)}","failedTests":${testsText(tests)}` +
          `${withheld ? ',"withheld":true' : ''},"phenomenonTime":"${timeText(phenomenonTime)}"` +
          `,"ageS":${Math.round((now - phenomenonTime) / SECOND)}` +
          `${intervalS === undefined ? '' : `,"reportingIntervalS":${intervalS}`}`,
      );
      sink.bytes(frame.end);
    };
};
