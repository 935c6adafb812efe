import { type ObservedProperty, own, property, qudt, truth } from './define.ts';

/** Vehicles and things on the move. */
export const trackingProperties: readonly ObservedProperty[] = [
  property('position_latitude', ['Breite', 'Latitude'], 'deg', [-90, 90], own('position_latitude'), {
    aggregation: 'last',
  }),
  property('position_longitude', ['Länge', 'Longitude'], 'deg', [-180, 180], own('position_longitude'), {
    aggregation: 'last',
  }),
  property('position_altitude', ['Höhe', 'Altitude'], 'm', [-500, 20_000], own('position_altitude'), {
    aggregation: 'last',
  }),
  property(
    'position_accuracy',
    ['Ortungsgenauigkeit', 'Position accuracy'],
    'm',
    [0, 100_000],
    own('position_accuracy'),
  ),
  property('speed', ['Geschwindigkeit', 'Speed'], 'km/h', [0, 1000], qudt('Speed')),
  property('heading', ['Kurs', 'Heading'], 'deg', [0, 360], qudt('Angle'), { aggregation: 'last' }),
  property('moving', ['In Bewegung', 'Moving'], '1', [0, 1], own('moving'), { aggregation: 'last', codes: truth }),
  property('odometer', ['Wegstrecke', 'Odometer'], 'km', [0, 1e7], own('odometer'), { aggregation: 'last' }),
  property('inside_geofence', ['Im vereinbarten Gebiet', 'Inside the geofence'], '1', [0, 1], own('inside_geofence'), {
    aggregation: 'last',
    codes: truth,
  }),
  property('ignition', ['Zündung', 'Ignition'], '1', [0, 1], own('ignition'), { aggregation: 'last', codes: truth }),
  property('linear_position', ['Lineare Auslenkung', 'Linear position'], '%', [-200, 200], own('linear_position')),
  property('button_pressed', ['Taste gedrückt', 'Button pressed'], '1', [0, 1], own('button_pressed'), {
    aggregation: 'last',
    codes: truth,
  }),
];
