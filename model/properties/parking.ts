import { type ObservedProperty, own, property } from './define.ts';

/** Parking bays. */
export const parkingProperties: readonly ObservedProperty[] = [
  property('occupied', ['Belegt', 'Occupied'], '1', [0, 1], own('occupied'), {
    aggregation: 'last',
    codes: { 0: { de: 'frei', en: 'free' }, 1: { de: 'belegt', en: 'occupied' } },
  }),
  property(
    'occupancy_duration',
    ['Dauer des vorigen Zustands', 'Duration of the previous state'],
    's',
    [0, 1e9],
    own('occupancy_duration'),
  ),
];
