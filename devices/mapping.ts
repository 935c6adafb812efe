import { observedProperties } from '../model/observed-properties.ts';
import { convert, isUnitCode } from '../model/units.ts';
import type { DeviceProfile, FieldMapping } from './catalogue.ts';
import type { FieldValue } from './codec.ts';

/** What becomes of one field, worked out once per profile: decoding runs thousands of times a second. */
export interface CompiledField {
  readonly property: string;
  readonly channel?: string;
  readonly health: boolean;
  /** In the property's unit; undefined where the value has no number. */
  readonly number: (value: Exclude<FieldValue, null>) => number | undefined;
}

/** `undefined` for a field that is configuration; fields the profile does not name are not in the map. */
export type CompiledMapping = ReadonlyMap<string, CompiledField | undefined>;

const compiled = new WeakMap<DeviceProfile, CompiledMapping>();

export const mappingOf = (profile: DeviceProfile): CompiledMapping => {
  let mapping = compiled.get(profile);
  if (!mapping) {
    mapping = new Map(Object.entries(profile.fields).map(([field, entry]) => [field, compileField(entry)]));
    compiled.set(profile, mapping);
  }
  return mapping;
};

const compileField = (mapping: FieldMapping): CompiledField | undefined => {
  if (mapping.role === 'configuration') return undefined;
  const { property, channel, unit, codes, role } = mapping;
  const scale = conversion(unit, property);
  return {
    property,
    ...(channel !== undefined && { channel }),
    health: role === 'health',
    number: (value) => {
      if (typeof value === 'number') return scale(value);
      if (typeof value === 'boolean') return value ? 1 : 0;
      return codes?.[value];
    },
  };
};

/** The schema of profile.json has checked that the units are of one kind. */
const conversion = (unit: string, property: string): ((value: number) => number) => {
  const target = observedProperties.get(property)?.unit;
  if (target === undefined || target === unit || !isUnitCode(unit)) return (value) => value;
  return (value) => tidy(convert(value, unit, target) ?? value);
};

/**
 * Drops the binary noise of a conversion (95.96 kPa is 959.6 hPa, not 959.5999999999999): nine digits after the point
 * stay.
 */
export const tidy = (value: number): number => (Math.abs(value) < 1e6 ? Math.round(value * 1e9) / 1e9 : value);
