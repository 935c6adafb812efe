import { type ObservedProperty, own, property, qudt } from './define.ts';

/** Soil and plants. */
export const soilProperties: readonly ObservedProperty[] = [
  property('soil_moisture', ['Bodenfeuchte', 'Soil moisture'], '%', [0, 100], own('soil_moisture')),
  property('soil_temperature', ['Bodentemperatur', 'Soil temperature'], 'Cel', [-40, 85], qudt('Temperature')),
  property(
    'soil_conductivity',
    ['Bodenleitfähigkeit', 'Soil conductivity'],
    'uS/cm',
    [0, 50_000],
    own('soil_conductivity'),
  ),
  property(
    'soil_water_potential',
    ['Saugspannung', 'Soil water potential'],
    'kPa',
    [-150_000, 100],
    own('soil_water_potential'),
  ),
  property(
    'dielectric_permittivity',
    ['Permittivität', 'Dielectric permittivity'],
    '1',
    [0, 200],
    qudt('RelativePermittivity'),
  ),
  property('leaf_wetness', ['Blattnässe', 'Leaf wetness'], '1', [0, 65_535], own('leaf_wetness')),
];
