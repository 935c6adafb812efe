import { yobiiqCodec } from '../../formats/yobiiq-frames.ts';
import { common, generic, specific } from './registers.ts';

const telegram = { ...common, ...generic, ...specific };

const isAlarm = (channel: number): boolean => (channel & 0xa0) === 0xa0;
const isSetting = (channel: number): boolean => channel === 0xff;

export const codec = yobiiqCodec({
  strict: true,
  answers: {
    mac: 'MAC COMMAND RECEIVED',
    succeeded: 'DOWNLINK COMMAND SUCCEEDED',
    failed: 'DOWNLINK COMMAND FAILED',
  },
  ports: [
    { from: 1, to: 10, registers: telegram, channel: (channel) => channel === 1, timeField: 'datalogger_timestamp' },
    { from: 11, registers: telegram, channel: isAlarm, timeField: 'timestamp' },
    { from: 20, registers: telegram, channel: isAlarm, historic: true },
    { from: 50, to: 99, registers: generic, channel: isSetting },
    { from: 100, registers: { ...generic, ...specific }, channel: isSetting },
  ],
});
