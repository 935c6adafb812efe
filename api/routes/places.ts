import { z } from 'zod';
import { type Municipality, municipalitySchema, type Site, siteSchema } from '../../model/registry.ts';
import { bboxQuery, isWithin } from '../bbox.ts';
import { addCollection, passes } from '../collection.ts';
import type { ZodApp } from '../zod-app.ts';

const municipalityResource = z.object(municipalitySchema.shape).meta({ id: 'Municipality' });
const siteResource = z.object(siteSchema.shape).meta({ id: 'Site' });

export const addPlaces = (app: ZodApp): void => {
  addCollection(app, {
    path: 'municipalities',
    access: 'public',
    tag: 'registry',
    what: 'municipalities: the public bodies that own things and data',
    item: municipalityResource,
    filters: { parent: z.string().optional().describe('District or Amt') },
    keyOf: ({ id }: Municipality) => id,
    list: (reader, filters, after) =>
      reader.list('municipality', after).filter(({ parent }) => passes(filters.parent, parent)),
    get: (reader, id) => reader.get('municipality', id),
    present: (entries) => [...entries],
  });

  addCollection(app, {
    path: 'sites',
    access: 'public',
    tag: 'registry',
    what: 'sites: places with things',
    item: siteResource,
    filters: { municipality: z.string().optional(), bbox: bboxQuery.optional() },
    keyOf: ({ id }: Site) => id,
    list: (reader, { municipality, bbox }, after) =>
      reader
        .list('site', after)
        .filter(
          (site) => passes(municipality, site.municipality) && (!bbox || isWithin(site.geometry.coordinates, bbox)),
        ),
    get: (reader, id) => reader.get('site', id),
    present: (entries) => [...entries],
  });
};
