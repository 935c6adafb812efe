import { type NumberPart, numbered, type Part } from '../../formats/part.ts';
import { ascii, dotted } from '../../formats/text-form.ts';
import { schedule } from './schedule.ts';

/**
 * Segments of VEGAPULS Air frames (as read in akenza-io/device-type-library and diwise/iot-agent): big endian, first
 * byte the packet.
 */
export type Segment =
  | 'namur'
  | 'distance'
  | 'percent'
  | 'battery'
  | 'position'
  | 'detail'
  | 'temperature'
  | 'temperatureUnit'
  | 'inclination'
  | 'information'
  | 'transmitter'
  | 'device'
  | 'schedule'
  | 'scale'
  | 'names';

export const distanceUnits: Readonly<Record<number, { readonly symbol: string; readonly metres: number }>> = {
  44: { symbol: 'ft', metres: 0.3048 },
  45: { symbol: 'm', metres: 1 },
  47: { symbol: 'in', metres: 0.0254 },
  49: { symbol: 'mm', metres: 0.001 },
};

export const CELSIUS = 32;
export const FAHRENHEIT = 33;
/** 0x8000: the sensor has no such value at the moment. */
const NO_VALUE = [-32_768];

/** NAMUR NE 107, in the order of its codes. */
export const namurStates = [
  'good',
  'function_check',
  'maintenance_required',
  'out_of_specification',
  'failure',
] as const;

const temperature: NumberPart = { field: 'temperature', type: 's16', divisor: 10, missing: NO_VALUE };

/** Segments that are plain rows of parts; `distance`, `temperatureUnit` and `position` need a word of their own. */
export const segments: Readonly<
  Record<Exclude<Segment, 'distance' | 'temperatureUnit' | 'position'>, readonly Part[]>
> = {
  namur: [{ field: 'namur_state', type: 'u8', states: numbered(namurStates) }],
  percent: [
    { field: 'level_percent', type: 's16', divisor: 100, missing: NO_VALUE },
    { field: 'linearised_percent', type: 's16', divisor: 100, missing: NO_VALUE },
    { field: 'scaled_value', type: 'f32' },
    { field: 'scaled_value_unit', type: 'u8' },
  ],
  battery: [{ field: 'battery', type: 'u8', missing: [255] }],
  detail: [{ field: 'detail_state', type: 'u32' }],
  temperature: [temperature],
  inclination: [{ field: 'inclination', type: 'u8' }],
  information: [{ field: 'information', type: 'u8' }],
  transmitter: [
    { field: 'transmitter_id', type: 'u32' },
    { field: 'manufacturer_id', type: 'u32' },
  ],
  device: [
    { field: 'device_type', type: 'u32' },
    { field: 'software_version', type: 'text', form: dotted, size: 4 },
  ],
  schedule: [
    { field: 'schedule', type: 'text', form: schedule, size: 7 },
    { field: 'change_counter', type: 'u16' },
  ],
  scale: [
    { field: 'scaled_min', type: 'f32' },
    { field: 'scaled_max', type: 'f32' },
  ],
  names: [
    { field: 'device_name', type: 'text', form: ascii, size: 19 },
    { field: 'device_tag', type: 'text', form: ascii, size: 19 },
  ],
};

const row = (text: string): readonly Segment[] => text.split(' ') as Segment[];

/** Packet number to its segments, in order. 2 to 7 are those of the first firmware; they take °C for granted. */
export const packets: ReadonlyMap<number, readonly Segment[]> = new Map([
  [2, row('namur distance battery temperature inclination')],
  [3, row('namur distance battery temperature position inclination')],
  [4, row('namur distance battery temperature detail inclination')],
  [5, row('namur distance battery temperature position detail inclination')],
  [6, row('namur position')],
  [7, row('namur detail')],
  [8, row('distance battery temperature temperatureUnit inclination')],
  [9, row('distance battery position temperature temperatureUnit inclination')],
  [10, row('namur distance battery detail temperature temperatureUnit inclination')],
  [11, row('namur distance battery position detail temperature temperatureUnit inclination')],
  [12, row('distance percent battery temperature temperatureUnit inclination')],
  [13, row('distance percent battery position temperature temperatureUnit inclination')],
  [14, row('namur distance percent battery detail temperature temperatureUnit inclination')],
  [15, row('namur distance percent battery position detail temperature temperatureUnit inclination')],
  [16, row('information transmitter device schedule scale')],
  [17, row('names')],
  [18, row('distance battery temperature temperatureUnit inclination')],
  [19, row('namur distance battery inclination')],
  [20, row('namur detail temperature temperatureUnit')],
  [21, row('namur position')],
  [22, row('namur percent')],
  [23, row('namur information transmitter')],
  [24, row('namur device')],
  [25, row('namur schedule')],
  [26, row('namur scale')],
]);

/** Packets 8, 9, 12, 13 and 18 leave the NAMUR state out because it is good. */
export const impliesGood = (packet: number): boolean => [8, 9, 12, 13, 18].includes(packet);

/** A frame without content that keeps the connection alive. */
export const KEEP_ALIVE = 0xfe;
