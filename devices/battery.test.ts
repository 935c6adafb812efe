import { describe, expect, it } from 'vitest';
import { batteryChemistries, batteryLevel } from './battery.ts';
import { loadCatalogue } from './catalogue.ts';
import { decodeFrame } from './decode.ts';

describe('battery level from volts', () => {
  it.each(batteryChemistries)('falls with the voltage of %s cells, from 100 to 0', (chemistry) => {
    const levels = Array.from({ length: 500 }, (_, i) => batteryLevel(5 - i / 100, chemistry, 1));
    expect(levels[0]).toBe(100);
    expect(levels.at(-1)).toBe(0);
    expect(levels).toEqual([...levels].sort((a, b) => b - a));
    expect(levels.some((level) => level > 40 && level < 60)).toBe(true);
  });

  it('counts cells in series', () => {
    expect(batteryLevel(2.54, 'alkaline', 2)).toBe(60);
    expect(batteryLevel(1.27, 'alkaline', 1)).toBe(60);
  });

  it('joins the values of a profile that names its battery, beside the volts', async () => {
    const entry = (await loadCatalogue()).get('decentlab/dl-mbx');
    if (!entry) throw new Error('not found');
    const frame = {
      fPort: 1,
      bytes: Uint8Array.fromHex('02012f000304d200010bb1'),
      receivedAt: Date.UTC(2026, 2, 2),
      parameters: {},
    };
    expect(entry.profile.battery).toEqual({ chemistry: 'alkaline', cells: 2 });
    const result = decodeFrame(entry, frame);
    expect(result).toMatchObject({
      values: expect.arrayContaining([
        expect.objectContaining({ property: 'battery_voltage', value: 2.993 }),
        expect.objectContaining({ property: 'battery_level', value: 100, health: true }),
      ]),
    });
  });
});
