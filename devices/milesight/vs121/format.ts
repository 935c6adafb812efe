import { milesightAnswers } from '../../formats/milesight-answers.ts';
import { milesightExtendedAnswers } from '../../formats/milesight-extended-answers.ts';
import { bits, milesightFirstCameraAttributes, row, skip, u8, u16 } from '../../formats/milesight-items.ts';
import type { MilesightPart } from '../../formats/milesight-parts.ts';
import type { MilesightFormat, MilesightItems } from '../../formats/milesight-tlv.ts';

/** VS121 README and decoder of Milesight-IoT/SensorDecoders: a camera that counts people in up to 16 regions. */

const regionBits = (from: number, to: number): MilesightPart =>
  bits(...Array.from({ length: Math.max(to - from, 0) }, (_, at) => ({ field: `region_${from + at + 1}`, at })));

/** How many regions there are, then a bit for each: occupied or not. The mask comes with its upper byte first. */
const occupancy: MilesightPart = {
  type: 'cases',
  size: 3,
  cases: Object.fromEntries(
    Array.from({ length: 17 }, (_, count) => [
      count,
      [u8('region_count'), regionBits(8, count), regionBits(0, Math.min(count, 8))],
    ]),
  ),
};

const countsOf = (from: number, length: number) =>
  row(
    'u8',
    Array.from({ length }, (_, index) => `region_${from + index}_count`),
  );

const dwell: MilesightPart = {
  type: 'cases',
  size: 5,
  cases: Object.fromEntries(
    Array.from({ length: 17 }, (_, region) => [
      region,
      [skip(1), u16(`region_${region}_avg_dwell`), u16(`region_${region}_max_dwell`)],
    ]),
  ),
};

const people = [u8('people_count_all'), occupancy];
const passing = row('u16le', ['people_in', 'people_out']);
const peak = [u8('people_count_max')];
const total = row('u16le', ['people_total_in', 'people_total_out']);
const line = row('u16le', ['line_in', 'line_out']);

const sides = ['a', 'b', 'c', 'd'];
const flow = (from: string, to: readonly string[]) =>
  row(
    'u16le',
    to.map((side) => `${from}_to_${side}`),
  );
const flows: MilesightItems = Object.fromEntries(
  sides.map((from, index) => [`${(9 + index).toString(16).padStart(2, '0')} DA`, flow(from, sides)]),
);

/** Records hold four bytes each, so that the eight counts and the flows come in halves. */
const stored: readonly (readonly MilesightPart[])[] = [
  people,
  passing,
  peak,
  ...[1, 5, 9, 13].map((from) => countsOf(from, 4)),
  ...sides.flatMap((from) => [flow(from, ['a', 'b']), flow(from, ['c', 'd'])]),
  total,
  [dwell],
  line,
];

export const format: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightFirstCameraAttributes,
    '04 C9': people,
    '05 CC': passing,
    '06 CD': peak,
    '07 D5': countsOf(1, 8),
    '08 D5': countsOf(9, 8),
    ...flows,
    '0D CC': total,
    '0E E4': [dwell],
    '0F 85': [{ type: 'time', field: 'device_clock_s' }],
    '10 F7': line,
    ...milesightAnswers('03', '04', '10', '35', '40', '43', '44', '45', '46', '48', '50', '51', '84'),
    ...milesightExtendedAnswers('10 scheme', '11', '3D', '85', '86', '87', '88', '8B', '8C', '8D', '91', '92'),
    ...milesightExtendedAnswers('93', '94', '96', '97', '98'),
  },
  lists: milesightExtendedAnswers('8E', '90', '95', '99'),
  history: {
    '20 CE': [
      {
        type: 'cases',
        cases: Object.fromEntries(stored.map((parts, index) => [index + 1, [skip(1), ...parts]])),
      },
    ],
  },
};
