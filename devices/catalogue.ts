import type { Codec, UplinkEncoder } from './codec.ts';

/** What becomes of one decoded field. */
export type FieldMapping =
  | {
      /** A quantity of the region, or the device's own health. */
      readonly role: 'observation' | 'health';
      readonly property: string;
      /** UCUM unit in which the codec answers; converted to the property's. */
      readonly unit: string;
      readonly channel?: string;
    }
  | { readonly role: 'configuration'; readonly description: string };

export interface DeviceProfile {
  /** vendor/model */
  readonly id: string;
  readonly vendor: string;
  readonly model: string;
  readonly name: { readonly de: string; readonly en: string };
  /** Version of codec and mapping; grows when the same bytes would give other values. */
  readonly version: string;
  readonly datasheet: string;
  readonly fPorts: readonly number[];
  /** How often the device reports, in seconds, as delivered. */
  readonly reportingIntervalS: number;
  /** How far back a codec's state may reach, in seconds; 0 for stateless codecs. */
  readonly stateHorizonS: number;
  /** Uplinks per hour above which the device counts as flooding. */
  readonly maxUplinksPerHour: number;
  readonly parameters: Readonly<
    Record<
      string,
      {
        readonly type: 'number' | 'string' | 'boolean';
        readonly unit?: string;
        readonly description: string;
        readonly default?: number | string | boolean;
      }
    >
  >;
  readonly fields: Readonly<Record<string, FieldMapping>>;
}

export interface CatalogueEntry {
  readonly profile: DeviceProfile;
  readonly codec: Codec;
  readonly encoder?: UplinkEncoder;
}

export interface Catalogue {
  /** By `vendor/model` or `vendor-model`. */
  get(id: string): CatalogueEntry | undefined;
  list(): readonly CatalogueEntry[];
}
