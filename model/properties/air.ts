import { cf, type Details, type ObservedProperty, own, property, qudt, truth } from './define.ts';

/** Fireworks bring some hundred; a lone reading far above both neighbours, or the same tenth for half a day, is a fault. */
const dust: Details = {
  usual: [0, 1_000],
  spike: { suspect: 200, fail: 1_000 },
  flatLine: { tolerance: 0.01, suspectS: 12 * 3600, failS: 48 * 3600 },
};

/** Air quality inside and outside, noise, light. */
export const airProperties: readonly ObservedProperty[] = [
  property(
    'co2',
    ['Kohlendioxid', 'Carbon dioxide'],
    '[ppm]',
    [0, 60_000],
    cf('mole_fraction_of_carbon_dioxide_in_air'),
    // Below what the open air holds a sensor is out of adjustment; a crowded room stays under 5,000.
    { usual: [350, 5_000], spike: { suspect: 1_500, fail: 10_000 } },
  ),
  property('tvoc', ['Flüchtige organische Stoffe', 'Volatile organic compounds'], '[ppb]', [0, 65_535], own('tvoc')),
  property(
    'tvoc_mass',
    ['Flüchtige organische Stoffe (Masse)', 'Volatile organic compounds (mass)'],
    'ug/m3',
    [0, 65_535],
    own('tvoc_mass'),
  ),
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
    dust,
  ),
  property('pm4', ['Feinstaub PM4', 'Particulate matter PM4'], 'ug/m3', [0, 6_554], own('pm4')),
  property(
    'pm10',
    ['Feinstaub PM10', 'Particulate matter PM10'],
    'ug/m3',
    [0, 6_554],
    cf('mass_concentration_of_pm10_ambient_aerosol_particles_in_air'),
    dust,
  ),
  property(
    'carbon_monoxide',
    ['Kohlenmonoxid', 'Carbon monoxide'],
    '[ppm]',
    [0, 10_000],
    cf('mole_fraction_of_carbon_monoxide_in_air'),
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
  property(
    'sound_level_c',
    ['Schallpegel, C-bewertet', 'Sound level, C-weighted'],
    'dB',
    [0, 150],
    qudt('SoundPressureLevel'),
  ),
  property(
    'sound_level_z',
    ['Schallpegel, unbewertet', 'Sound level, unweighted'],
    'dB',
    [0, 150],
    qudt('SoundPressureLevel'),
  ),
  property('illuminance', ['Beleuchtungsstärke', 'Illuminance'], 'lx', [0, 200_000], qudt('Illuminance')),
  property('light_level', ['Helligkeitsstufe', 'Light level'], '1', [0, 10], own('light_level'), {
    aggregation: 'last',
  }),
  property(
    'relative_brightness',
    ['Helligkeit in Prozent', 'Relative brightness'],
    '%',
    [0, 100],
    own('relative_brightness'),
  ),
  property('motion', ['Bewegung', 'Motion'], '1', [0, 1], own('motion'), { aggregation: 'last', codes: truth }),
  property('motion_count', ['Bewegungen', 'Movements'], '{count}', [0, 65_535], own('motion_count'), {
    aggregation: 'sum',
  }),
  property('indoor_temperature', ['Raumtemperatur', 'Indoor temperature'], 'Cel', [-40, 85], qudt('Temperature'), {
    usual: [0, 45],
    spike: { suspect: 5, fail: 15 },
  }),
  property('indoor_humidity', ['Raumluftfeuchte', 'Indoor humidity'], '%', [0, 105], qudt('RelativeHumidity'), {
    usual: [5, 100],
  }),
  property(
    'particle_concentration',
    ['Partikelanzahl', 'Particle number concentration'],
    '/cm3',
    [0, 1e7],
    cf('number_concentration_of_ambient_aerosol_particles_in_air'),
  ),
  property(
    'particle_size',
    ['Typische Partikelgröße', 'Typical particle size'],
    'nm',
    [0, 65_535],
    own('particle_size'),
  ),
];
