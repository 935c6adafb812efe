import { type ObservedProperty, own, property, qudt, truth } from './define.ts';

/** A device's own condition. */
export const healthProperties: readonly ObservedProperty[] = [
  property('battery_level', ['Batterie', 'Battery level'], '%', [0, 100], own('battery_level'), {
    health: true,
    aggregation: 'last',
  }),
  property('battery_voltage', ['Batteriespannung', 'Battery voltage'], 'V', [0, 30], qudt('Voltage'), { health: true }),
  property('device_temperature', ['Gerätetemperatur', 'Device temperature'], 'Cel', [-60, 120], qudt('Temperature'), {
    health: true,
  }),
  property('link_margin', ['Empfangsreserve', 'Link margin'], 'dB', [-32, 31], own('link_margin'), {
    health: true,
    aggregation: 'last',
  }),
  property(
    'signal_to_noise',
    ['Signal-Rausch-Abstand', 'Signal-to-noise ratio'],
    'dB',
    [-40, 40],
    own('signal_to_noise'),
    {
      health: true,
    },
  ),
  property('battery_life', ['Restlaufzeit der Batterie', 'Remaining battery life'], 'a', [0, 50], own('battery_life'), {
    health: true,
    aggregation: 'last',
  }),
  property('reading_age', ['Alter der Ablesung', 'Age of the reading'], 'min', [0, 1e7], own('reading_age'), {
    health: true,
    aggregation: 'last',
  }),
  property('external_power', ['Netzversorgung', 'External power'], '1', [0, 1], own('external_power'), {
    health: true,
    aggregation: 'last',
    codes: truth,
  }),
  property('joined', ['Beitritt', 'Joined'], '1', [0, 1], own('joined'), {
    health: true,
    aggregation: 'sum',
    codes: truth,
  }),
  property('device_inclination', ['Neigung des Geräts', 'Device inclination'], 'deg', [-180, 360], qudt('Angle'), {
    health: true,
  }),
  property(
    'message_count',
    ['Gesendete Nachrichten', 'Messages sent'],
    '{count}',
    [0, 4_294_967_295],
    own('message_count'),
    {
      health: true,
      aggregation: 'last',
    },
  ),
  property('tamper', ['Unerwartet bewegt', 'Moved unexpectedly'], '1', [0, 1], own('tamper'), {
    health: true,
    aggregation: 'last',
    codes: truth,
  }),
  property('namur_state', ['NAMUR-Zustand', 'NAMUR state'], '1', [0, 4], own('namur_state'), {
    health: true,
    aggregation: 'last',
    codes: {
      0: { de: 'gut', en: 'good' },
      1: { de: 'Funktionskontrolle', en: 'function check' },
      2: { de: 'Wartungsbedarf', en: 'maintenance required' },
      3: { de: 'außerhalb der Spezifikation', en: 'out of specification' },
      4: { de: 'Ausfall', en: 'failure' },
    },
  }),
  property('latitude', ['Breite des Geräts', 'Device latitude'], 'deg', [-90, 90], own('latitude'), {
    health: true,
    aggregation: 'last',
  }),
  property('longitude', ['Länge des Geräts', 'Device longitude'], 'deg', [-180, 180], own('longitude'), {
    health: true,
    aggregation: 'last',
  }),
  property('device_heading', ['Ausrichtung des Geräts', 'Device heading'], 'deg', [0, 360], qudt('Angle'), {
    health: true,
    aggregation: 'last',
  }),
  property('echo_strength', ['Echostärke', 'Echo strength'], '1', [0, 255], own('echo_strength'), { health: true }),
  property(
    'valid_samples',
    ['Gültige Einzelmessungen', 'Valid samples'],
    '{count}',
    [0, 65_535],
    own('valid_samples'),
    {
      health: true,
    },
  ),
  property(
    'measurement_count',
    ['Messungen insgesamt', 'Measurements made'],
    '{count}',
    [0, 4_294_967_295],
    own('measurement_count'),
    { health: true, aggregation: 'last' },
  ),
  property(
    'position_fix_count',
    ['Ortungen insgesamt', 'Position fixes made'],
    '{count}',
    [0, 4_294_967_295],
    own('position_fix_count'),
    { health: true, aggregation: 'last' },
  ),
  property('battery_low', ['Batterie schwach', 'Battery low'], '1', [0, 1], own('battery_low'), {
    health: true,
    aggregation: 'last',
    codes: truth,
  }),
  property('supply_voltage', ['Versorgungsspannung', 'Supply voltage'], 'V', [0, 1000], qudt('Voltage'), {
    health: true,
  }),
  property(
    'device_humidity',
    ['Feuchte im Gerät', 'Humidity inside the device'],
    '%',
    [0, 105],
    qudt('RelativeHumidity'),
    { health: true },
  ),
  property('device_error', ['Gerätefehler', 'Device error'], '1', [0, 4_294_967_295], own('device_error'), {
    health: true,
    aggregation: 'last',
  }),
  property('sensor_fault', ['Sensorfehler', 'Sensor fault'], '1', [0, 1], own('sensor_fault'), {
    health: true,
    aggregation: 'last',
    codes: truth,
  }),
  property('restart', ['Neustart', 'Restart'], '1', [0, 1], own('restart'), {
    health: true,
    aggregation: 'sum',
    codes: truth,
  }),
  property('uptime', ['Laufzeit', 'Uptime'], 's', [0, 1e10], own('uptime'), { health: true, aggregation: 'last' }),
  property(
    'signal_strength',
    ['Empfangspegel', 'Received signal strength'],
    'dB[mW]',
    [-200, 20],
    own('signal_strength'),
    { health: true },
  ),
  property(
    'acceleration',
    ['Beschleunigung am Gerät', 'Acceleration at the device'],
    '[g]',
    [-100, 100],
    qudt('Acceleration'),
    { health: true },
  ),
  property(
    'angular_velocity',
    ['Drehgeschwindigkeit am Gerät', 'Angular velocity at the device'],
    'deg/s',
    [-4000, 4000],
    qudt('AngularVelocity'),
    { health: true },
  ),
  property('sensor_connected', ['Sensor angeschlossen', 'Sensor connected'], '1', [0, 1], own('sensor_connected'), {
    health: true,
    aggregation: 'last',
    codes: truth,
  }),
  property(
    'position_fix_failed',
    ['Ortung misslungen', 'Position fix failed'],
    '1',
    [0, 1],
    own('position_fix_failed'),
    {
      health: true,
      aggregation: 'last',
      codes: truth,
    },
  ),
  property('time_to_fix', ['Dauer der Ortung', 'Time to fix'], 's', [0, 86_400], own('time_to_fix'), { health: true }),
  property('satellite_count', ['Satelliten', 'Satellites'], '{count}', [0, 255], own('satellite_count'), {
    health: true,
    aggregation: 'last',
  }),
  property(
    'position_dilution',
    ['Genauigkeitsverlust der Ortung (PDOP)', 'Position dilution of precision'],
    '1',
    [0, 255],
    own('position_dilution'),
    { health: true },
  ),
];
