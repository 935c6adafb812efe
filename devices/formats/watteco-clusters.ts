import type { Fields } from './part.ts';
import { numbered } from './part.ts';
import { hexOf, type Item, readDotted, readItems, readRaw, readText, type Slice } from './watteco-value.ts';

// Clusters and attributes of Watteco devices, after the public pages of support.watteco.com and the "standard" codec of
// Watteco/Codec-API-LoRaWAN.

export interface Attribute {
  /** The numbers of the value, in order; also what a cause refers to. */
  readonly items?: readonly Item[];
  /** Values that are no list of numbers. */
  readonly read?: (slice: Slice, fields: Fields) => void;
}

/** By cluster * 65536 + attribute. */
export type Attributes = Readonly<Record<number, Attribute>>;

export const attributeKey = (cluster: number, attribute: number): number => cluster * 0x1_0000 + attribute;

const u8 = (field: string): Item => ({ field, size: 1 });
const u16 = (field: string, divisor = 1): Item => ({ field, size: 2, divisor });
const s16 = (field: string, divisor = 1): Item => ({ field, size: 2, divisor, signed: true });
const s24 = (field: string): Item => ({ field, size: 3, signed: true });
const s32 = (field: string): Item => ({ field, size: 4, signed: true });

const one = (item: Item): Attribute => ({ items: [item] });
const words = (field: string): Attribute => ({
  read: (slice, fields) => {
    fields[field] = readText(slice);
  },
});

const byteAt = ({ bytes, at, end }: Slice, offset: number): number =>
  at + offset < end ? (bytes[at + offset] ?? 0) : 0;

/** Major, minor, revision and a build number of three bytes. */
const readFirmware = (slice: Slice, fields: Fields): void => {
  const { bytes, at } = slice;
  const build = readRaw(bytes, at + 3, { size: 3 });
  fields.firmware = `${readDotted({ bytes, at, end: at + 3 })}.${build}`;
};

const supplies = [
  'main_or_external_voltage',
  'rechargeable_battery_voltage',
  'disposable_battery_voltage',
  'solar_harvesting_voltage',
  'tic_harvesting_voltage',
];

/** Power modes, a mask of supplies, the voltage of each of them in mV, and which one feeds the device now. */
const readPower = (slice: Slice, fields: Fields): void => {
  const items = supplies.filter((_, bit) => byteAt(slice, 1) & (1 << bit)).map((field) => u16(field, 1000));
  readItems({ ...slice, at: slice.at + 2 }, items, fields);
};

/** Endpoints with the clusters that they offer and use, each list behind its length. */
const readEndpoints = (slice: Slice, fields: Fields): void => {
  let at = 1;
  const clusters = (): string => {
    const names: string[] = [];
    for (let left = byteAt(slice, at++); left > 0 && slice.at + at < slice.end; left--) {
      names.push(hexOf((byteAt(slice, at) << 8) | byteAt(slice, at + 1), 4));
      at += 2;
    }
    return names.join(' ');
  };
  const endpoints: string[] = [];
  for (let left = byteAt(slice, 0); left > 0 && slice.at + at < slice.end; left--) {
    endpoints.push(`${byteAt(slice, at++)}: in ${clusters()}; out ${clusters()}`);
  }
  fields.configuration = endpoints.join(' | ');
};

const readAssociation = (slice: Slice, fields: Fields): void =>
  readItems(slice, [u16('period_in_minutes'), u16('nb_err_frames')], fields);

/** What every Watteco device knows: Basic, Configuration and LoRaWAN clusters. */
export const commonAttributes: Attributes = {
  2: { read: readFirmware },
  3: words('kernel'),
  4: words('manufacturer'),
  5: words('model'),
  6: words('date'),
  16: words('position'),
  32769: words('application_name'),
  5242884: { read: readEndpoints },
  5242886: { items: ['power_modes', 'power_source', ...supplies].map((field) => u16(field, 1000)), read: readPower },
  2147745792: one({ field: 'message_type', size: 1, states: numbered(['unconfirmed', 'confirmed']) }),
  2147745793: one(u8('nb_retry')),
  2147745794: { read: readAssociation },
  2147745795: {
    read: (slice, fields) => {
      fields.data_rate = byteAt(slice, 1);
    },
  },
  2147745796: {
    read: (slice, fields) => {
      fields.abp_dev_address = readDotted(slice);
    },
  },
  2147745797: {
    read: (slice, fields) => {
      fields.ota_app_eui = readDotted(slice);
    },
  },
};

const edges = {
  0: 'none',
  1: 'falling edge',
  2: 'rising edge',
  3: 'both edges',
  5: 'polling and falling edge',
  6: 'polling and rising edge',
  7: 'polling and both edges',
};

/** Binary input: state, counter and how it counts. */
export const binaryInput: Attributes = {
  983124: one({ field: 'polarity', size: 1, states: numbered(['normal', 'reverse']) }),
  983125: one({ field: 'pin_state', size: 1, flag: true }),
  984064: one({ field: 'edge_selection', size: 1, states: edges }),
  984065: one(u8('debounce_period')),
  984066: one({ field: 'index', size: 4 }),
  984067: one(u8('poll_period')),
  984068: one(u8('force_notify')),
};

/** Several binary inputs in one bitmap. */
export const multiBinaryInput = (pins: number): Attributes => ({
  2147811328: {
    read: ({ bytes, at }, fields) => {
      const mask = readRaw(bytes, at, { size: 2 }) ?? 0;
      for (let pin = 0; pin < pins; pin++) fields[`pin_state_${pin + 1}`] = (mask & (1 << pin)) !== 0;
    },
    items: [u16('pin_states')],
  },
});

/** Bytes 1 and 3 of the type word: what the analogue input measures. */
const readAnalogType = (slice: Slice, fields: Fields): void => {
  const group = byteAt(slice, 1);
  const millivolts = byteAt(slice, 3) === 1;
  fields.type = group === 0x05 ? 'ppm' : group === 0xff ? (millivolts ? 'mV' : 'mA') : `unknown (${group})`;
};

export const analogInput: Attributes = {
  786517: one({ field: 'analog', size: 4, float: true }),
  786688: { read: readAnalogType },
  819203: one(u16('power_duration')),
};

export const volumeMeter: Attributes = { 2148401152: one(u16('number')) };
export const onOff: Attributes = { 393216: one({ field: 'output', size: 1, states: { 0: 'OFF', 1: 'ON' } }) };
export const multiState: Attributes = { 1245269: one(u8('output_value')) };

export const climate: Attributes = {
  67239936: one(s16('temperature', 100)),
  67239937: one(s16('min_temperature', 100)),
  67239938: one(s16('max_temperature', 100)),
  67305472: one(s16('pressure')),
  67436544: one(u16('humidity', 100)),
  67436545: one(u16('min_humidity', 100)),
  67436546: one(u16('max_humidity', 100)),
};

export const indoorAir: Attributes = {
  67108864: one(u16('illuminance')),
  67502080: one({ field: 'occupancy', size: 1, flag: true }),
  2148270080: one(u16('concentration')),
  2148270081: one(u8('analog')),
  2148270082: one(u8('analog')),
};

export const meterReading: Attributes = {
  5373952: {
    items: [
      s24('active_energy'),
      s24('reactive_energy'),
      u16('nb_samples'),
      s16('active_power'),
      s16('reactive_power'),
    ],
  },
};

const phases = ['a', 'b', 'c'];

/** Energy and power, of one phase by endpoint or of all three; voltages and currents. */
export const threePhaseMeter: Attributes = {
  2148139008: {
    items: ['energy', 'power'].flatMap((quantity) =>
      ['active', 'reactive'].flatMap((kind) =>
        ['positive', 'negative'].map((sign) => s32(`${sign}_${kind}_${quantity}`)),
      ),
    ),
  },
  2148204544: { items: [s16('vrms', 10), s16('irms', 10), s16('angle')] },
  2148335616: {
    items: phases.flatMap((phase) => [s16(`vrms_${phase}`, 10), s16(`irms_${phase}`, 10), s16(`angle_${phase}`)]),
  },
  2148532224: {
    items: [...phases, 'abc'].flatMap((phase) => [s32(`active_energy_${phase}`), s32(`reactive_energy_${phase}`)]),
  },
  2148532225: {
    items: [...phases, 'abc'].flatMap((phase) => [s32(`active_power_${phase}`), s32(`reactive_power_${phase}`)]),
  },
};
