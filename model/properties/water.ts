import { cf, type ObservedProperty, own, property, truth } from './define.ts';

/** Water levels and water quality: coast, rivers, groundwater. */
export const waterProperties: readonly ObservedProperty[] = [
  property(
    'water_level',
    ['Wasserstand', 'Water level'],
    'm',
    [-10, 20],
    cf('water_surface_height_above_reference_datum'),
    {
      usual: [-2.5, 3.5],
      spike: { suspect: 0.25, fail: 0.6 },
      ratePerHour: 1.2,
      flatLine: { tolerance: 0.0005, suspectS: 6 * 3600, failS: 24 * 3600 },
    },
  ),
  property('water_depth', ['Wassertiefe', 'Water depth'], 'm', [-10, 500], own('water_depth')),
  property(
    'water_temperature',
    ['Wassertemperatur', 'Water temperature'],
    'Cel',
    [-10, 100],
    cf('sea_water_temperature'),
  ),
  property(
    'water_conductivity',
    ['Leitfähigkeit', 'Electrical conductivity'],
    'mS/cm',
    [0, 200],
    cf('sea_water_electrical_conductivity'),
  ),
  property('turbidity', ['Trübung', 'Turbidity'], '[NTU]', [0, 10_000], cf('sea_water_turbidity')),
  property('turbidity_formazin', ['Trübung (FNU)', 'Turbidity (FNU)'], '[FNU]', [0, 10_000], cf('sea_water_turbidity')),
  property('ph', ['pH-Wert', 'pH'], '[pH]', [0, 14], cf('sea_water_ph_reported_on_total_scale')),
  property('redox_potential', ['Redoxpotential', 'Redox potential'], 'mV', [-2000, 2000], own('redox_potential')),
  property(
    'dissolved_oxygen',
    ['Gelöster Sauerstoff', 'Dissolved oxygen'],
    'mg/L',
    [0, 50],
    cf('mass_concentration_of_oxygen_in_sea_water'),
  ),
  property(
    'oxygen_saturation',
    ['Sauerstoffsättigung', 'Oxygen saturation'],
    '%',
    [0, 300],
    cf('fractional_saturation_of_oxygen_in_sea_water'),
  ),
  property('suspended_solids', ['Schwebstoffe', 'Suspended solids'], 'g/L', [0, 1000], own('suspended_solids')),
  property('water_pressure', ['Wasserdruck', 'Water pressure'], 'bar', [-1, 1000], cf('sea_water_pressure')),
  property('water_leak', ['Wasser ausgetreten', 'Water leak'], '1', [0, 1], own('water_leak'), {
    aggregation: 'last',
    codes: truth,
  }),
  property('sludge_blanket', ['Schlammspiegel', 'Sludge blanket'], '%', [0, 100], own('sludge_blanket')),
  property('freezing', ['Wasser gefriert', 'Water is freezing'], '1', [0, 1], own('freezing'), {
    aggregation: 'last',
    codes: truth,
  }),
];
