import { type ObservedProperty, own, property, qudt, truth } from './define.ts';

/** Waste containers. */
export const wasteProperties: readonly ObservedProperty[] = [
  property('distance', ['Abstand zur Oberfläche', 'Distance to surface'], 'mm', [0, 30_000], qudt('Distance')),
  property('fill_level', ['Füllstand', 'Fill level'], '%', [-5, 110], own('fill_level'), { usual: [0, 100] }),
  property('tilt', ['Gekippt', 'Tilted'], '1', [0, 1], own('tilt'), { aggregation: 'last', codes: truth }),
  property(
    'container_temperature',
    ['Temperatur im Behälter', 'Container temperature'],
    'Cel',
    [-40, 120],
    qudt('Temperature'),
    {
      usual: [-25, 60],
    },
  ),

  property('threshold_alarm', ['Schwellwert überschritten', 'Threshold crossed'], '1', [0, 1], own('threshold_alarm'), {
    aggregation: 'last',
    codes: truth,
  }),
  property('weight', ['Gewicht', 'Weight'], 'kg', [-1e5, 1e5], qudt('Mass')),
];
