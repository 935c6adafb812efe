import { type ObservedProperty, own, property, qudt, truth } from './define.ts';

/** Electricity, heat, gas and water meters, pulses, switches and industrial signals. */
export const energyProperties: readonly ObservedProperty[] = [
  property('active_energy', ['Wirkenergie', 'Active energy'], 'kW.h', [-1e12, 1e12], qudt('Energy'), {
    aggregation: 'last',
  }),
  property(
    'active_energy_exported',
    ['Eingespeiste Energie', 'Active energy exported'],
    'kW.h',
    [-1e12, 1e12],
    qudt('Energy'),
    { aggregation: 'last' },
  ),
  property('reactive_energy', ['Blindenergie', 'Reactive energy'], 'kvar.h', [-1e12, 1e12], own('reactive_energy'), {
    aggregation: 'last',
  }),
  property('apparent_energy', ['Scheinenergie', 'Apparent energy'], 'kV.A.h', [-1e12, 1e12], own('apparent_energy'), {
    aggregation: 'last',
  }),
  property('active_power', ['Wirkleistung', 'Active power'], 'W', [-1e9, 1e9], qudt('ActivePower')),
  property('reactive_power', ['Blindleistung', 'Reactive power'], 'var', [-1e9, 1e9], qudt('ReactivePower')),
  property('apparent_power', ['Scheinleistung', 'Apparent power'], 'V.A', [-1e9, 1e9], qudt('ApparentPower')),
  property('voltage', ['Spannung', 'Voltage'], 'V', [-1e6, 1e6], qudt('Voltage')),
  property('current', ['Strom', 'Current'], 'A', [-1e6, 1e6], qudt('ElectricCurrent')),
  property('charge', ['Ladungsmenge', 'Electric charge'], 'A.h', [0, 1e9], qudt('ElectricCharge'), {
    aggregation: 'last',
  }),
  property('power_factor', ['Leistungsfaktor', 'Power factor'], '1', [-1, 1], qudt('PowerFactor')),
  property('phase_angle', ['Phasenwinkel', 'Phase angle'], 'deg', [-360, 720], qudt('PhaseDifference')),
  property('tangent_phi', ['Tangens phi', 'Tangent of phi'], '1', [-1e6, 1e6], own('tangent_phi')),
  property('mains_frequency', ['Netzfrequenz', 'Mains frequency'], 'Hz', [0, 1000], qudt('Frequency'), {
    usual: [47.5, 51.5],
  }),
  property('heat_energy', ['Wärmemenge', 'Heat energy'], 'kW.h', [-1e12, 1e12], qudt('HeatQuantity'), {
    aggregation: 'last',
  }),
  property('thermal_power', ['Wärmeleistung', 'Thermal power'], 'W', [-1e9, 1e9], qudt('HeatFlowRate')),
  property('flow_temperature', ['Vorlauftemperatur', 'Flow temperature'], 'Cel', [-50, 300], qudt('Temperature'), {
    usual: [0, 140],
  }),
  property('return_temperature', ['Rücklauftemperatur', 'Return temperature'], 'Cel', [-50, 300], qudt('Temperature'), {
    usual: [0, 140],
  }),
  property(
    'temperature_difference',
    ['Temperaturdifferenz', 'Temperature difference'],
    'K',
    [-300, 300],
    qudt('TemperatureDifference'),
  ),
  property('volume', ['Zählerstand Volumen', 'Metered volume'], 'm3', [-1e9, 1e9], qudt('Volume'), {
    aggregation: 'last',
  }),
  property('volume_flow', ['Durchfluss', 'Volume flow'], 'm3/h', [-1e6, 1e6], qudt('VolumeFlowRate')),
  property('pulse_count', ['Impulse', 'Pulses'], '{count}', [0, 1e15], own('pulse_count'), { aggregation: 'last' }),
  property(
    'pulse_delta',
    ['Impulse im Intervall', 'Pulses in the interval'],
    '{count}',
    [0, 1e15],
    own('pulse_delta'),
    { aggregation: 'sum' },
  ),
  property('switch_state', ['Schaltzustand', 'Switch state'], '1', [0, 1], own('switch_state'), {
    aggregation: 'last',
    codes: truth,
  }),
  property('contact_state', ['Kontakt geschlossen', 'Contact closed'], '1', [0, 1], own('contact_state'), {
    aggregation: 'last',
    codes: truth,
  }),
  property('analog_value', ['Analogwert', 'Analog value'], '1', [-1e12, 1e12], own('analog_value')),
  property('inclination', ['Neigung', 'Inclination'], 'deg', [-180, 360], qudt('Angle')),
  property('loop_current', ['Schleifenstrom', 'Loop current'], 'mA', [0, 30], qudt('ElectricCurrent')),
  property('operating_time', ['Betriebszeit', 'Operating time'], 'h', [0, 1e9], own('operating_time'), {
    aggregation: 'last',
  }),
  property('setpoint_temperature', ['Solltemperatur', 'Temperature setpoint'], 'Cel', [-50, 100], qudt('Temperature'), {
    aggregation: 'last',
  }),
];
