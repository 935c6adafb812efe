import type { TokenKeeper } from '../auth/tokens.ts';
import type { RouteDeps } from '../deps.ts';
import type { LiveHub } from '../live/live-hub.ts';
import { TableDesk } from '../series/table-answer.ts';
import type { ZodApp } from '../zod-app.ts';
import { addBackup } from './backup.ts';
import { addBooks } from './books.ts';
import { addCatalogue } from './catalogue.ts';
import { addCodecs } from './codecs.ts';
import { addDatasets } from './datasets.ts';
import { addDatastreams } from './datastreams.ts';
import { addDeadLetters } from './dead-letters.ts';
import { addDevices } from './devices.ts';
import { addDownlinks } from './downlinks.ts';
import { addEvents } from './events.ts';
import { addLatest } from './latest.ts';
import { addLive } from './live.ts';
import { addNetworks } from './networks.ts';
import { addObservationSearch } from './observation-search.ts';
import { addObservations } from './observations.ts';
import { addPlaces } from './places.ts';
import { addRegion } from './region.ts';
import { addReprocess } from './reprocess.ts';
import { addThings } from './things.ts';
import { addTokens } from './tokens.ts';
import { addUnknownDevices } from './unknown-devices.ts';
import { addUplinks } from './uplinks.ts';

export interface AllRouteDeps extends RouteDeps {
  readonly tokens: TokenKeeper;
  readonly hub: LiveHub;
}

/** Every resource under /api/v1, one line each. */
export const addRoutes = (app: ZodApp, deps: AllRouteDeps): void => {
  addPlaces(app);
  addThings(app);
  addDevices(app, deps);
  addDatasets(app, deps);
  addCatalogue(app, deps);
  addCodecs(app, deps);
  addNetworks(app, deps);
  addDatastreams(app);
  const desk = new TableDesk(deps.config);
  addObservations(app, { ...deps, desk });
  addObservationSearch(app, { ...deps, desk });
  addEvents(app, deps);
  addLatest(app, deps);
  addLive(app, deps.hub);
  addBooks(app);
  addUnknownDevices(app, deps);
  addDeadLetters(app, deps);
  addUplinks(app);
  addDownlinks(app, deps);
  addReprocess(app, deps);
  addRegion(app, deps);
  addTokens(app, deps);
  addBackup(app, deps);
};
