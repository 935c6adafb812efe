import type { TextForm } from '../../formats/text-form.ts';

const days = ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa'];

/** Seven bytes of bit fields: days, start and end of day, measuring and sending interval, all in minutes. */
export const schedule: TextForm = {
  read: ([b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0, b6 = 0]) => {
    const on = days.filter((_, index) => ((b0 >> 1) & (1 << index)) !== 0).join(',');
    const start = ((b0 & 0x01) << 10) | (b1 << 2) | (b2 >> 6);
    const end = ((b2 & 0x3f) << 5) | (b3 >> 3);
    const measure = ((b3 & 0x07) << 8) | b4;
    const send = ((b5 & 0x07) << 8) | b6;
    return `${on || 'never'} ${start}-${end} measure ${measure} send ${send}`;
  },
  write: (text) => {
    const [on = '', span = '', , measure = '0', , send = '0'] = text.split(' ');
    const [start = 0, end = 0] = span.split('-').map(Number);
    const mask = days.reduce((bits, day, index) => (on.split(',').includes(day) ? bits | (1 << index) : bits), 0);
    const [every, sending] = [Number(measure), Number(send)];
    return [
      (mask << 1) | ((start >> 10) & 0x01),
      (start >> 2) & 0xff,
      ((start & 0x03) << 6) | ((end >> 5) & 0x3f),
      ((end & 0x1f) << 3) | ((every >> 8) & 0x07),
      every & 0xff,
      (sending >> 8) & 0x07,
      sending & 0xff,
    ];
  },
};
