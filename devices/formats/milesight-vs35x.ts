import { milesightAnswers, underBoth } from './milesight-answers.ts';
import { milesightExtendedAnswers } from './milesight-extended-answers.ts';
import { milesightAttributes, milesightBattery, number, row, skip, state, u8 } from './milesight-items.ts';
import type { MilesightPart } from './milesight-parts.ts';
import { alarmSettings, d2dMaster } from './milesight-settings.ts';
import type { MilesightFormat, MilesightItems } from './milesight-tlv.ts';

/** VS350, VS351 and VS360 count people in a passage (READMEs and decoders of Milesight-IoT/SensorDecoders). */

const alarms = {
  0: 'threshold alarm release',
  1: 'threshold alarm',
  3: 'high temperature alarm',
  4: 'high temperature alarm release',
};
const alarm = (field: string): MilesightPart => state(field, alarms);

const total = row('u16le', ['total_in', 'total_out']);
const period = row('u16le', ['period_in', 'period_out']);
const temperature = number('temperature', 's16le', 10);

const counts: MilesightItems = {
  '04 CC': total,
  '05 CC': period,
  '0A EF': [{ type: 'time', field: 'device_clock_s' }],
  '84 CC': [...total, alarm('total_count_alarm')],
  '85 CC': [...period, alarm('period_count_alarm')],
  ...milesightAnswers('10', '28', '35', '68', '69', '6A', '6D', '84', '8E', 'A6', 'A8', 'A9'),
  ...underBoth('06', [
    alarmSettings({
      1: { name: 'people_period', unsigned: true, thresholds: ['out', 'in'] },
      2: { name: 'people_cumulative', unsigned: true, thresholds: ['out', 'in'] },
      3: { name: 'temperature', divisor: 10 },
    }),
  ]),
};

const climate: MilesightItems = { '03 67': [temperature], '83 67': [temperature, alarm('temperature_alarm')] };

/** Kind 0: what was counted in the period; kind 1: the totals as well. */
const history: MilesightItems = {
  '20 CE': [{ type: 'cases', cases: { 0: [skip(1), ...period], 1: [skip(1), ...period, ...total] } }],
};

const d2dModes = {
  1: 'someone_enter',
  2: 'someone_leave',
  3: 'counting_threshold_alarm',
  4: 'temperature_threshold_alarm',
  5: 'temperature_threshold_alarm_release',
};
const lists = underBoth('96', d2dMaster(d2dModes, true));

export const vs350: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    ...milesightBattery,
    ...climate,
    ...counts,
    '81 EE': [u8('current_sensitivity')],
    ...milesightAnswers('4A', '6B', 'A7', 'AA', 'AB', 'AC', 'AD', 'BD', 'EF'),
    ...milesightExtendedAnswers('10'),
  },
  lists,
  history,
};

export const vs351: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    ...milesightBattery,
    ...climate,
    ...counts,
    'FF CC': [state('power_status', { 0: 'battery supply', 1: 'external power supply', 2: 'battery charging' })],
    ...milesightAnswers('04', '27', '40', '41', '75', '77', '8F', '97', 'AA', 'AB', 'EC', 'ED'),
    ...milesightExtendedAnswers('10', '85', '86', '87', '8B', '8C', '8D', 'A2', 'A3'),
  },
  lists: { ...lists, ...milesightAnswers('05') },
  history,
};

const events = { 0: 'counting_anomaly', 1: 'node_device_without_response', 2: 'devices_misaligned' };
const eventStatus = { 0: 'alarm_release', 1: 'alarm' };

/** An event says its kind and whether it begins or ends: once in its words, once as the fault of that kind. */
const event: MilesightPart = {
  type: 'cases',
  size: 2,
  cases: Object.fromEntries(
    Object.entries(events).map(([kind, name]) => [
      kind,
      [
        state('event_type', events),
        {
          type: 'bits',
          size: 1,
          bits: [
            { field: 'event_status', at: 0, width: 8, states: eventStatus },
            { field: name, at: 0, width: 8, states: { 0: false, 1: true } },
          ],
        },
      ] satisfies readonly MilesightPart[],
    ]),
  ),
  otherwise: [state('event_type', events), state('event_status', eventStatus)],
};

/** Two posts with a battery each. */
export const vs360: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    '01 75': [{ field: 'battery_main', type: 'u8', missing: [255] }],
    '02 75': [{ field: 'battery_node', type: 'u8', missing: [255] }],
    ...counts,
    ...milesightAnswers('4A', '75', 'BD', 'ED', 'FC', 'FD'),
    ...milesightExtendedAnswers('10'),
  },
  lists: { ...lists, '03 F4': [event] },
  history,
};
