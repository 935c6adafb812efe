/** Entities for tests, as a client would send them. */
const MEASUREMENT = 'http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement';

export const location = (name: string, longitude: number) => ({
  name,
  description: name,
  encodingType: 'application/geo+json',
  location: { type: 'Point', coordinates: [longitude, 54] },
});

export const datastream = (name: string, more: object = {}) => ({
  name,
  description: name,
  observationType: MEASUREMENT,
  unitOfMeasurement: { name: 'degree Celsius', symbol: '°C', definition: 'ucum:Cel' },
  ...more,
});

export const sensor = {
  name: 'S',
  description: 's',
  encodingType: 'application/pdf',
  metadata: 'https://example.org/s.pdf',
};
export const observedProperty = (name: string) => ({
  name,
  definition: `https://example.org/${name}`,
  description: name,
});
