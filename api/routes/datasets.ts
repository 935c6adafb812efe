import { z } from 'zod';
import { type Dataset, datasetSchema } from '../../model/registry.ts';
import { addCollection, passes } from '../collection.ts';
import type { ZodApp } from '../zod-app.ts';

const datasetResource = z.object(datasetSchema.shape).meta({ id: 'Dataset' });

export const addDatasets = (app: ZodApp): void =>
  addCollection(app, {
    path: 'datasets',
    access: 'public',
    tag: 'registry',
    what: 'datasets: what is published, under which licence',
    item: datasetResource,
    filters: {
      publisher: z.string().optional().describe('Municipality that publishes it'),
      visibility: datasetSchema.shape.visibility.unwrap().optional(),
    },
    keyOf: ({ id }: Dataset) => id,
    list: (reader, { publisher, visibility }, after) =>
      reader
        .list('dataset', after)
        .filter((dataset) => passes(publisher, dataset.publisher) && passes(visibility, dataset.visibility)),
    get: (reader, id) => reader.get('dataset', id),
    present: (entries) => [...entries],
  });
