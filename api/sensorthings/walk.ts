import type { Context } from './context.ts';
import type { Extent } from './extents.ts';
import type { Walk } from './node-values.ts';

/** How paths are followed for a context; times of Datastreams only where they were looked up. */
export const walkOf = (context: Context, extents?: ReadonlyMap<number, Extent>): Walk => ({
  root: context.root,
  extentOf: ({ number }) => extents?.get(number),
  feature: (number) => context.graph.get('FeaturesOfInterest', number),
});
