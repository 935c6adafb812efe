import { describe, expect, it } from 'vitest';
import { downlinkEncoder } from './downlink.ts';

const encode = (data: Readonly<Record<string, unknown>>) => {
  const { fPort, bytes } = downlinkEncoder.encodeDownlink(data);
  return { fPort, hex: bytes.toHex() };
};

describe('downlinks of UL20xx, firmware 1.1', () => {
  it.each([
    [
      { packet_type: 'manual_dimming', destination: [{ address: 'dali_single_63', dimming_level_percent: 'resume' }] },
      60,
      '017eff',
    ],
    [
      {
        packet_type: 'calendar_config_packet',
        calendar_prefers_meta_pos: true,
        calendar_clamps_profiles: 'false',
        calendar_clamps_dig: 0,
        latitude_deg: 54.3,
        longitude_deg: 9.66,
        sunrise_steps: [],
        sunset_steps: [{ zenith_angle_deg: 96, dimming_level_percent: 'disabled' }],
      },
      50,
      '201001' + '3615c603' + '24ff',
    ],
    [{ packet_type: 'profile_config_request', profile_id: 'profile_3' }, 49, '2103'],
    [{ packet_type: 'clear_config_packet', reset_target: 'profile_config', address: 'profile_3' }, 50, 'ff2103'],
    [{ packet_type: 'dig_input_config_packet', dig_enabled: 'dig_disabled' }, 50, '28ff'],
    [{ packet_type: 'light_sensor_config_packet', dim_steps: 'disabled' }, 50, '29ff'],
    [
      {
        packet_type: 'chained_config_packet',
        payloads: [
          { packet_type: 'fade_config_packet', fade_duration_s: 'ignore' },
          { packet_type: 'boot_delay_config_packet', boot_delay_range_s: 120 },
        ],
      },
      50,
      'fe22ff0d7800',
    ],
    [{ packet_type: 'time_config_packet', device_unix_epoch: 'force_lorawan_devicetimereq' }, 50, '0900000000'],
  ])('encodes %j as a person would write it', (data, fPort, hex) => {
    expect(encode(data)).toEqual({ fPort, hex });
  });

  it.each([
    [{ packet_type: 'fade_config_packet', fade_duration_s: 60 }, /fade_duration_s has no meaning/],
    [{ packet_type: 'dig_input_config_packet', dig_enabled: 0 }, /lacks dig_mode_button/],
    [
      {
        packet_type: 'multicast_config_packet',
        multicast_device: 4,
        devaddr: '11223344',
        nwkskey: '00',
        appskey: '00',
      },
      /from 0 to 3/,
    ],
    [
      { packet_type: 'multicast_config_packet', multicast_device: 1, devaddr: '112233', nwkskey: '00', appskey: '00' },
      /4 hexadecimal bytes/,
    ],
    [{ packet_type: 'time_config_packet', device_unix_epoch: 'soon' }, /is a time/],
    [
      {
        packet_type: 'profile_config_packet',
        profile_id: 1,
        address: 'all_devices',
        days_active: ['mon'],
        dimming_steps: [{ step_time: '01:05', dimming_level_percent: 1 }],
      },
      /ten minutes/,
    ],
    [
      { packet_type: 'chained_config_packet', payloads: [{ packet_type: 'manual_dimming' }] },
      /No packet "manual_dimming"/,
    ],
    [{ packet_type: 'custom_dali_command', dali_command: 'zz' }, /hexadecimal/],
  ])('refuses %j', (data, message) => {
    expect(() => encode(data)).toThrow(message);
  });
});
