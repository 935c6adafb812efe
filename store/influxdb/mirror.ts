import { escape as escaped } from '@influxdata/influxdb-client';
import { HubError } from '../../model/errors.ts';
import { type EpochMs, HOUR } from '../../model/time.ts';
import type { DerivedEvent, EventMirror, EventReplacement } from '../events.ts';
import type { RegistryIndex } from '../registry-index.ts';
import { BatchWriter } from './batch-writer.ts';
import type { InfluxConnection } from './connection.ts';
import { knownTime, LAST_TIME } from './query-text.ts';
import { derivedBucket, metricsBucket } from './setup.ts';

/** One sample of one of the hub's own metrics. */
export interface Sample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const tagsOf = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    // InfluxDB knows no empty tag.
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `,${escaped.tag(name)}=${escaped.tag(value)}`)
    .join('');

/**
 * What dashboards read beside observations, see docs/decisions/0008-observations-in-influxdb.md: derived events, the names
 * of things and places, the hub's own metrics. Nothing here is the only home of what it holds.
 */
export class InfluxMirror implements EventMirror {
  readonly #connection: InfluxConnection;
  readonly #writer: BatchWriter;
  readonly #derived: string;
  readonly #metrics: string;

  constructor(connection: InfluxConnection) {
    this.#connection = connection;
    this.#writer = new BatchWriter(connection);
    this.#derived = derivedBucket(connection.settings.bucket);
    this.#metrics = metricsBucket(connection.settings.bucket);
  }

  async events(replacements: readonly EventReplacement[]): Promise<void> {
    for (const { span } of replacements) {
      await this.#connection.delete(this.#derived, {
        from: knownTime(span.from),
        to: knownTime(span.to - 1),
        predicate: `_measurement="event" AND derivation="${span.derivation}" AND datastream="${span.datastream}"`,
      });
    }
    const events = replacements.flatMap((replacement) => replacement.events);
    await this.#write(this.#derived, events.map(eventLine));
  }

  /** Things with their names and places as they are now, at the full hour of `at`. */
  async things(registry: RegistryIndex, at: EpochMs): Promise<void> {
    const hour = Math.floor(at / HOUR) * HOUR;
    const lines = [...registry.list('thing')].map((thing) => {
      const site = thing.site === undefined ? undefined : registry.get('site', thing.site);
      const municipality = site && registry.get('municipality', site.municipality);
      const tags = {
        thing: thing.id,
        kind: thing.kind,
        site: site?.id ?? '',
        municipality: municipality?.id ?? '',
      };
      const fields = [
        `name=${escaped.quoted(thing.name)}`,
        `simulated=${thing.simulated}`,
        ...(site
          ? [
              `site_name=${escaped.quoted(site.name)}`,
              `lon=${site.geometry.coordinates[0]}`,
              `lat=${site.geometry.coordinates[1]}`,
            ]
          : []),
        ...(municipality ? [`municipality_name=${escaped.quoted(municipality.name)}`] : []),
      ];
      return `thing${tagsOf(tags)} ${fields.join(',')} ${hour}`;
    });
    await this.#write(this.#derived, lines);
  }

  /** Where devices were hung up and taken down, as events. */
  async deployments(registry: RegistryIndex): Promise<void> {
    const predicate = '_measurement="event" AND kind="deployment"';
    await this.#connection.delete(this.#derived, { from: 0, to: LAST_TIME, predicate });
    const lines = [...registry.list('deployment')].flatMap((deployment) => {
      const { id, device, thing, from, to } = deployment;
      // One device often goes up at the instant at which another comes down: without its own tag both were one point.
      const line = (label: string, time: string): string =>
        `event${tagsOf({ kind: 'deployment', thing, deployment: id })} label=${escaped.quoted(label)},device=${escaped.quoted(device)} ${Date.parse(time)}`;
      return [line('begin', from), ...(to === null ? [] : [line('end', to)])];
    });
    await this.#write(this.#derived, lines);
  }

  async metrics(samples: readonly Sample[], at: EpochMs): Promise<void> {
    const lines = samples
      .filter(({ value }) => Number.isFinite(value))
      .map(({ metric, labels, value }) => `${escaped.measurement(metric)}${tagsOf(labels)} value=${value} ${at}`);
    await this.#write(this.#metrics, lines);
  }

  async #write(bucket: string, texts: readonly string[]): Promise<void> {
    const [refused] = await this.#writer.write(
      bucket,
      texts.map((text) => ({ text, of: text })),
    );
    if (refused) throw new HubError('HUB_STORE_REJECTED', `"${refused.of}" was refused: ${refused.words}`);
  }
}

const eventLine = ({ kind, thing, derivation, datastream, time, until, value, label }: DerivedEvent): string => {
  const tags = tagsOf({ kind, thing, derivation, datastream: String(datastream) });
  const fields = [
    `label=${escaped.quoted(label)}`,
    ...(value === undefined ? [] : [`value=${value}`]),
    ...(until === undefined ? [] : [`until=${until}i`]),
  ];
  return `event${tags} ${fields.join(',')} ${time}`;
};
