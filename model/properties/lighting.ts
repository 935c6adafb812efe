import { type ObservedProperty, own, property, truth } from './define.ts';

/** Street lights. */
export const lightingProperties: readonly ObservedProperty[] = [
  property('dimming_level', ['Dimmwert', 'Dimming level'], '%', [0, 100], own('dimming_level'), {
    aggregation: 'last',
  }),
  property('lamp_on', ['Leuchte an', 'Lamp on'], '1', [0, 1], own('lamp_on'), { aggregation: 'last', codes: truth }),
  property('lamp_failure', ['Leuchtenfehler', 'Lamp failure'], '1', [0, 1], own('lamp_failure'), {
    aggregation: 'last',
    codes: truth,
  }),
  property('burning_hours', ['Brennstunden', 'Burning hours'], 'h', [0, 1e7], own('burning_hours'), {
    aggregation: 'last',
  }),
];
