import { type ObservedProperty, own, property, qudt, truth } from './define.ts';

/** Vehicles, bicycles and people. */
export const trafficProperties: readonly ObservedProperty[] = [
  property('vehicle_count', ['Fahrzeuge', 'Vehicles'], '{count}', [0, 65_535], own('vehicle_count'), {
    aggregation: 'sum',
    usual: [0, 3_000],
  }),
  property(
    'vehicle_count_total',
    ['Fahrzeuge insgesamt', 'Vehicles in total'],
    '{count}',
    [0, 4_294_967_295],
    own('vehicle_count_total'),
    { aggregation: 'last' },
  ),
  property('vehicle_speed', ['Geschwindigkeit', 'Vehicle speed'], 'km/h', [0, 255], qudt('Speed'), { usual: [0, 200] }),
  property('people_in', ['Eintretende Personen', 'People entering'], '{count}', [0, 4_294_967_295], own('people_in'), {
    aggregation: 'sum',
  }),
  property('people_out', ['Austretende Personen', 'People leaving'], '{count}', [0, 4_294_967_295], own('people_out'), {
    aggregation: 'sum',
  }),
  property(
    'people_in_total',
    ['Eingetretene insgesamt', 'People entered in total'],
    '{count}',
    [0, 4_294_967_295],
    own('people_in_total'),
    { aggregation: 'last' },
  ),
  property(
    'people_out_total',
    ['Ausgetretene insgesamt', 'People left in total'],
    '{count}',
    [0, 4_294_967_295],
    own('people_out_total'),
    { aggregation: 'last' },
  ),
  property('people_count', ['Anwesende Personen', 'People present'], '{count}', [0, 65_535], own('people_count')),
  property('people_flow', ['Personenstrom', 'People passing'], '{count}', [0, 65_535], own('people_flow'), {
    aggregation: 'sum',
  }),
  property('dwell_time', ['Verweildauer', 'Dwell time'], 's', [0, 1_000_000], own('dwell_time')),
  property('presence', ['Anwesenheit', 'Presence'], '1', [0, 1], own('presence'), {
    aggregation: 'last',
    codes: truth,
  }),
  property('occupancy_state', ['Belegungszustand', 'Occupancy state'], '1', [0, 2], own('occupancy_state'), {
    aggregation: 'last',
    codes: { 0: { de: 'frei', en: 'free' }, 1: { de: 'unklar', en: 'pending' }, 2: { de: 'belegt', en: 'occupied' } },
  }),
];
