import { cf, type ObservedProperty, own, property, qudt, truth } from './define.ts';

/** Air quality inside and outside, noise, light. */
export const airProperties: readonly ObservedProperty[] = [
  property(
    'co2',
    ['Kohlendioxid', 'Carbon dioxide'],
    '[ppm]',
    [0, 60_000],
    cf('mole_fraction_of_carbon_dioxide_in_air'),
  ),
  property('tvoc', ['Flüchtige organische Stoffe', 'Volatile organic compounds'], '[ppb]', [0, 65_535], own('tvoc')),
  property('air_quality_index', ['Luftgüte-Index', 'Air quality index'], '1', [0, 500], own('air_quality_index')),
  property('formaldehyde', ['Formaldehyd', 'Formaldehyde'], 'mg/m3', [0, 10], own('formaldehyde')),
  property('ozone', ['Ozon', 'Ozone'], '[ppm]', [0, 20], cf('mole_fraction_of_ozone_in_air')),
  property(
    'pm1',
    ['Feinstaub PM1', 'Particulate matter PM1'],
    'ug/m3',
    [0, 6_554],
    cf('mass_concentration_of_pm1_ambient_aerosol_particles_in_air'),
  ),
  property(
    'pm2_5',
    ['Feinstaub PM2,5', 'Particulate matter PM2.5'],
    'ug/m3',
    [0, 6_554],
    cf('mass_concentration_of_pm2p5_ambient_aerosol_particles_in_air'),
  ),
  property('pm4', ['Feinstaub PM4', 'Particulate matter PM4'], 'ug/m3', [0, 6_554], own('pm4')),
  property(
    'pm10',
    ['Feinstaub PM10', 'Particulate matter PM10'],
    'ug/m3',
    [0, 6_554],
    cf('mass_concentration_of_pm10_ambient_aerosol_particles_in_air'),
  ),
  property('sound_level', ['Schallpegel', 'Sound level'], 'dB(A)', [0, 140], qudt('SoundPressureLevel')),
  property(
    'sound_level_equivalent',
    ['Äquivalenter Schallpegel', 'Equivalent sound level'],
    'dB(A)',
    [0, 140],
    qudt('SoundPressureLevel'),
  ),
  property(
    'sound_level_max',
    ['Höchster Schallpegel', 'Highest sound level'],
    'dB(A)',
    [0, 140],
    qudt('SoundPressureLevel'),
  ),
  property('illuminance', ['Beleuchtungsstärke', 'Illuminance'], 'lx', [0, 200_000], qudt('Illuminance')),
  property('light_level', ['Helligkeitsstufe', 'Light level'], '1', [0, 10], own('light_level'), {
    aggregation: 'last',
  }),
  property('motion', ['Bewegung', 'Motion'], '1', [0, 1], own('motion'), { aggregation: 'last', codes: truth }),
  property('motion_count', ['Bewegungen', 'Movements'], '{count}', [0, 65_535], own('motion_count'), {
    aggregation: 'sum',
  }),
  property('indoor_temperature', ['Raumtemperatur', 'Indoor temperature'], 'Cel', [-40, 85], qudt('Temperature')),
  property('indoor_humidity', ['Raumluftfeuchte', 'Indoor humidity'], '%', [0, 105], qudt('RelativeHumidity')),
];
