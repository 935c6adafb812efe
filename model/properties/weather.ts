import { cf, type ObservedProperty, own, property } from './define.ts';

/** Weather. */
export const weatherProperties: readonly ObservedProperty[] = [
  property('air_temperature', ['Lufttemperatur', 'Air temperature'], 'Cel', [-50, 60], cf('air_temperature'), {
    usual: [-25, 42],
    spike: { suspect: 4, fail: 10 },
    ratePerHour: 12,
    flatLine: { tolerance: 0.01, suspectS: 12 * 3600, failS: 48 * 3600 },
  }),
  property('relative_humidity', ['Relative Luftfeuchte', 'Relative humidity'], '%', [0, 105], cf('relative_humidity'), {
    usual: [5, 100],
  }),
  property('air_pressure', ['Luftdruck', 'Air pressure'], 'hPa', [500, 1100], cf('air_pressure'), {
    usual: [930, 1065],
    spike: { suspect: 3, fail: 10 },
    ratePerHour: 8,
  }),
  property(
    'vapor_pressure',
    ['Dampfdruck', 'Vapour pressure'],
    'kPa',
    [0, 47],
    cf('water_vapor_partial_pressure_in_air'),
  ),
  property(
    'solar_radiation',
    ['Globalstrahlung', 'Solar radiation'],
    'W/m2',
    [0, 2000],
    cf('surface_downwelling_shortwave_flux_in_air'),
    {
      usual: [0, 1400],
    },
  ),
  property(
    'precipitation',
    ['Niederschlag', 'Precipitation'],
    'mm',
    [0, 400],
    cf('lwe_thickness_of_precipitation_amount'),
    {
      aggregation: 'sum',
      usual: [0, 60],
    },
  ),
  property('wind_speed', ['Windgeschwindigkeit', 'Wind speed'], 'm/s', [0, 75], cf('wind_speed'), { usual: [0, 45] }),
  property('wind_gust', ['Böe', 'Wind gust'], 'm/s', [0, 100], cf('wind_speed_of_gust'), { usual: [0, 60] }),
  property('wind_direction', ['Windrichtung', 'Wind direction'], 'deg', [0, 360], cf('wind_from_direction'), {
    aggregation: 'last',
  }),
  property('north_wind_speed', ['Wind, Nordkomponente', 'North wind speed'], 'm/s', [-75, 75], cf('northward_wind')),
  property('east_wind_speed', ['Wind, Ostkomponente', 'East wind speed'], 'm/s', [-75, 75], cf('eastward_wind')),
  property(
    'lightning_strike_count',
    ['Blitze', 'Lightning strikes'],
    '{count}',
    [0, 65_535],
    own('lightning_strike_count'),
    {
      aggregation: 'sum',
    },
  ),
  property('lightning_distance', ['Blitzentfernung', 'Lightning distance'], 'km', [0, 100], own('lightning_distance')),
  property('dew_point', ['Taupunkt', 'Dew point'], 'Cel', [-80, 60], cf('dew_point_temperature')),
  property(
    'surface_temperature',
    ['Oberflächentemperatur', 'Surface temperature'],
    'Cel',
    [-60, 100],
    cf('surface_temperature'),
  ),
  property(
    'globe_temperature',
    ['Globustemperatur', 'Black globe temperature'],
    'Cel',
    [-50, 100],
    own('globe_temperature'),
  ),
  property(
    'vapor_pressure_deficit',
    ['Sättigungsdefizit', 'Vapour pressure deficit'],
    'kPa',
    [0, 47],
    cf('water_vapor_saturation_deficit_in_air'),
  ),
  property(
    'photosynthetic_radiation',
    ['Photosynthetisch aktive Strahlung', 'Photosynthetically active radiation'],
    'umol/m2/s',
    [-100, 5000],
    cf('surface_downwelling_photosynthetic_photon_flux_in_air'),
  ),
  property(
    'precipitation_total',
    ['Niederschlag, Zählerstand', 'Precipitation in total'],
    'mm',
    [0, 1e7],
    own('precipitation_total'),
    { aggregation: 'last' },
  ),
];
