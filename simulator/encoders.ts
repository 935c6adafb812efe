import { loadCatalogue } from '../devices/catalogue.ts';
import type { UplinkEncoder } from '../devices/codec.ts';

/** The encoders of the device catalogue by vendor/model. */
export const loadEncoders = async (): Promise<ReadonlyMap<string, UplinkEncoder>> => {
  const catalogue = await loadCatalogue();
  return new Map(catalogue.list().flatMap(({ profile, encoder }) => (encoder ? [[profile.id, encoder] as const] : [])));
};
