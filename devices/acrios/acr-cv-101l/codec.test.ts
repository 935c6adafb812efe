import { describe, expect, it } from 'vitest';
import { codec } from './codec.ts';

const telegram =
  '6832326808017278563412a7320404050400000c06674847020c14528275030b2d0603000a5a151182101301004c06004847020fabcdca16';

const send = (hex: string, state?: unknown) =>
  codec.decodeUplink({ fPort: 100, bytes: Uint8Array.fromHex(hex), receivedAt: 0, parameters: {}, state });

const fieldsOf = (result: ReturnType<typeof send>) => ('errors' in result ? undefined : result.records[0]?.fields);
const stateOf = (result: ReturnType<typeof send>) => ('errors' in result ? undefined : result.state);

describe('a telegram in three frames', () => {
  it('is what it is in one', () => {
    const first = send(`0103${telegram.slice(0, 30)}`);
    const second = send(`0203${telegram.slice(30, 70)}`, stateOf(first));
    const third = send(`0303${telegram.slice(70)}`, stateOf(second));
    expect(fieldsOf(third)).toEqual(fieldsOf(send(`0101${telegram}`)));
    expect(fieldsOf(third)).toMatchObject({ id: 12_345_678, data1_value: 37_582.52, flow_temperature: 111.5 });
  });

  it('is left out when a frame got lost', () => {
    const first = send(`0103${telegram.slice(0, 30)}`);
    expect(send(`0303${telegram.slice(70)}`, stateOf(first))).toMatchObject({
      records: [],
      warnings: [expect.stringContaining('without frame 2')],
    });
  });
});

it('takes the energy of an electricity meter for electricity', () => {
  const electric = '681515680801727856341201000202050000000c0667484702';
  const sum = Uint8Array.fromHex(electric.slice(8)).reduce((total, byte) => total + byte, 0) & 0xff;
  const fields = fieldsOf(send(`0101${electric}${sum.toString(16).padStart(2, '0')}16`));
  expect(fields).toMatchObject({ device_type: 'Electricity meter', electric_energy_wh: 2_474_867_000 });
  expect(fields).not.toHaveProperty('energy_wh');
});
