import { describe, expect, it } from 'vitest';
import { downlinkEncoder } from './downlink.ts';

const encode = (data: Readonly<Record<string, unknown>>) => {
  const { fPort, bytes } = downlinkEncoder.encodeDownlink(data);
  return { fPort, hex: bytes.toHex() };
};

describe('downlinks of UL20xx, firmware 1.0', () => {
  it.each([
    [
      { packet_type: 'manual_dimming', destination: [{ address: 'dali_group_3', dimming_level_percent: 40 }] },
      60,
      '018628',
    ],
    [{ packet_type: 'clear_config_packet', reset_target: 'profile_config', address: 'all_profiles' }, 50, 'ff04ff'],
    [{ packet_type: 'defaults_config_packet', max_dim_percent: 80, switch_point_sunset: 'sunset' }, 50, '0e0a5001'],
  ])('encodes %j as a person would write it', (data, fPort, hex) => {
    expect(encode(data)).toEqual({ fPort, hex });
  });

  it.each([
    [
      { packet_type: 'manual_dimming', destination: [{ address: 'dali_group_16', dimming_level_percent: 40 }] },
      /No address "dali_group_16"/,
    ],
    [
      { packet_type: 'manual_dimming', destination: [{ address: 'dali_broadcast', dimming_level_percent: 140 }] },
      /from 0 to 100/,
    ],
    [{ packet_type: 'manual_dimming', destination: 'all' }, /is a list/],
    [{ packet_type: 'status_config_packet' }, /lacks status_interval_s/],
    [{ packet_type: 'status_config_packet', status_interval_s: 5 }, /from 60 to 86400/],
    [{ packet_type: 'holiday_config_packet', holidays: ['13/01'] }, /12\/24/],
    [{ packet_type: 'status_packet' }, /No device takes/],
    [{ packet_type: 'tea' }, /No packet_type "tea"/],
    [{}, /No packet_type/],
  ])('refuses %j', (data, message) => {
    expect(() => encode(data)).toThrow(message);
  });
});
