import { milesightAnswers } from './milesight-answers.ts';
import { milesightExtendedAnswers } from './milesight-extended-answers.ts';
import {
  milesightCameraAttributes,
  milesightFirstCameraAttributes,
  number,
  row,
  skip,
  state,
  u16,
} from './milesight-items.ts';
import type { MilesightPart } from './milesight-parts.ts';
import type { MilesightFormat } from './milesight-tlv.ts';

/**
 * VS133 and VS135 count people across four lines and in four regions; a child is an adult's smaller companion
 * (README and decoder of Milesight-IoT/SensorDecoders). Kinds of history records have the numbers of the live channels.
 */

const ordinals = [1, 2, 3, 4];

/** Channels come in threes per line: total in, total out, both in the reporting period. */
const lines = (first: number, child: string): [number, string, readonly MilesightPart[]][] =>
  ordinals.flatMap((line): [number, string, readonly MilesightPart[]][] => {
    const channel = first + 3 * (line - 1);
    const name = `line_${line}${child}`;
    return [
      [channel, 'D2', [number(`${name}_total_in`, 'u32le')]],
      [channel + 1, 'D2', [number(`${name}_total_out`, 'u32le')]],
      [channel + 2, 'CC', row('u16le', [`${name}_period_in`, `${name}_period_out`])],
    ];
  });

const regionCounts = (child: string) =>
  row(
    'u8',
    ordinals.map((region) => `region_${region}${child}_count`),
  );

/** The region's number, then what is said of it. */
const ofRegion = (size: number, names: (region: number) => readonly string[]): MilesightPart => ({
  type: 'cases',
  size,
  cases: Object.fromEntries(ordinals.map((region) => [region, [skip(1), ...names(region).map(u16)]])),
});

const dwell = (child: string): MilesightPart =>
  ofRegion(5, (region) => [`region_${region}${child}_avg_dwell`, `region_${region}${child}_max_dwell`]);

const live: readonly [number, string, readonly MilesightPart[]][] = [
  ...lines(0x03, ''),
  [0x0f, 'E3', regionCounts('')],
  [0x10, 'E4', [dwell('')]],
  ...lines(0x11, '_child'),
  [0x1d, 'E3', regionCounts('_child')],
  [0x1e, 'E4', [dwell('_child')]],
];

const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase();

const stored = (part: MilesightPart): readonly MilesightPart[] => [skip(1), part];

/** A record has room for four bytes; of the dwell times it holds one: kinds 10 and 20, of children 1E and 3C. */
const history: MilesightPart = {
  type: 'cases',
  size: 5,
  cases: {
    ...Object.fromEntries(live.map(([channel, , parts]) => [channel, [skip(1), ...parts]])),
    16: stored(ofRegion(4, (region) => [`region_${region}_avg_dwell`])),
    32: stored(ofRegion(4, (region) => [`region_${region}_max_dwell`])),
    30: stored(ofRegion(4, (region) => [`region_${region}_child_avg_dwell`])),
    60: stored(ofRegion(4, (region) => [`region_${region}_child_max_dwell`])),
  },
};

const occlusion = { 0: 'alarm_released', 1: 'alarm_triggered' };

/** Cameras of a group: 0 is the master. */
const occlusionAlarm: MilesightPart = {
  type: 'cases',
  size: 2,
  cases: Object.fromEntries(
    Array.from({ length: 9 }, (_, node) => [
      node,
      [skip(1), state(node === 0 ? 'master_occlusion_alarm' : `node_${node}_occlusion_alarm`, occlusion)],
    ]),
  ),
};

export const vs133: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightCameraAttributes,
    ...Object.fromEntries(live.map(([channel, type, parts]) => [`${hex(channel)} ${type}`, parts])),
    '50 FC': [skip(1), occlusionAlarm],
    ...milesightAnswers('03', '04', '10', '11', '27', '40', '42', '43', '44', '51', '68', '69', '6A', '6D'),
    ...milesightExtendedAnswers('84', '85', '86', '87', '88 both'),
  },
  history: { '20 CE': [history] },
};

/** VS132 has one line (its README). */
export const vs132: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightFirstCameraAttributes,
    '03 D2': [number('total_counter_in', 'u32le')],
    '04 D2': [number('total_counter_out', 'u32le')],
    '05 CC': row('u16le', ['periodic_counter_in', 'periodic_counter_out']),
    ...milesightAnswers('03', '04', '10', '40', '42', '43', '51'),
  },
};
