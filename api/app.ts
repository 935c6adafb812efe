import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { createAccess } from './access.ts';
import { createCredentials } from './auth/credentials.ts';
import { everybody } from './auth/principal.ts';
import { TokenKeeper } from './auth/tokens.ts';
import { addCatalogueFiles } from './catalogue/add-catalogue.ts';
import { createShowcase } from './catalogue/showcase.ts';
import type { ApiDeps } from './deps.ts';
import { addDumps, keepDumps } from './dumps/add-dumps.ts';
import { DumpKeeper } from './dumps/dump-keeper.ts';
import { LiveHub } from './live/live-hub.ts';
import { addNgsiLd } from './ngsi-ld/add-ngsi-ld.ts';
import { addOgc } from './ogc/add-ogc.ts';
import { createOidc } from './oidc/oidc.ts';
import { addPages } from './pages/add-pages.ts';
import { addAuth } from './plugins/auth.ts';
import { addConsole } from './plugins/console.ts';
import { addDeprecation } from './plugins/deprecation.ts';
import { addDocs } from './plugins/docs.ts';
import { earlyErrors } from './plugins/early-errors.ts';
import { addEtag } from './plugins/etag.ts';
import { addLimits } from './plugins/limits.ts';
import { addProblems } from './plugins/problems.ts';
import { addRequestMetrics } from './plugins/request-metrics.ts';
import { addStrictInput, boundQueries } from './plugins/strict-input.ts';
import { addCompression, addTransport } from './plugins/transport.ts';
import { addHealth } from './routes/health.ts';
import { addRoutes } from './routes/routes.ts';
import { addSecurityTxt } from './routes/security-txt.ts';
import { addSensorThings } from './sensorthings/add-sensorthings.ts';
import { createThingsNow } from './things-now.ts';
import type { ZodApp } from './zod-app.ts';

/** The HTTP interface, wired and not yet listening. */
export const buildApp = async (deps: ApiDeps): Promise<FastifyInstance> => {
  const { config, logger, clock, accounts, localCredential: local, live, metrics } = deps;
  const app: FastifyInstance = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    // Measures say how requests fare; the log is for what needs somebody's eye.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.maxBodyBytes,
    trustProxy: config.trustProxy.length > 0 ? [...config.trustProxy] : false,
    // A request must not hold a connection open by arriving slowly.
    requestTimeout: 60_000,
    // Above what parameters may have, so that the one that is too long is named.
    http: { maxHeaderSize: 65_536 },
    // Datastream ids are the longest parameters.
    routerOptions: { maxParamLength: 300 },
    forceCloseConnections: true,
    ...earlyErrors,
  });
  const tokens = new TokenKeeper({ accounts, clock, local });
  const oidc = config.oidc && createOidc({ config: config.oidc, clock });
  const credentials = createCredentials(tokens, oidc);
  const access = createAccess(deps);
  const hub = new LiveHub({
    live,
    config: config.sse,
    metrics,
    stillHolds: (principal) => credentials.stillHolds(principal),
    clock,
  });
  app.addHook('onReady', async () => hub.start());
  app.addHook('preClose', async () => hub.stop());

  const reader = access(everybody);
  const keeper = deps.dumps && new DumpKeeper({ ...deps.dumps, reader, clock, logger, timeZone: config.timeZone });
  if (keeper) keepDumps(app, keeper);

  const refuseUnknown = addProblems(app);
  addRequestMetrics(app, metrics);
  await addTransport(app, config);
  const permit = addAuth(app, { credentials, access, config, clock });
  await addLimits(app, config);
  addDeprecation(app);
  app.addHook('onRequest', refuseUnknown);
  addStrictInput(app);
  app.addHook('onRequest', permit);
  await addCompression(app);
  addEtag(app);
  await addDocs(app, config);
  await addConsole(app, deps.consoleDir);

  await app.register(async (scope) => {
    scope.setValidatorCompiler(validatorCompiler);
    scope.setSerializerCompiler(serializerCompiler);
    boundQueries(scope);
    addHealth(scope as unknown as ZodApp, deps);
    await scope.register(async (sta) => addSensorThings(sta as unknown as ZodApp, { ...deps, access }));
    if (keeper) addDumps(scope as unknown as ZodApp, { keeper, reader });
    addSecurityTxt(scope as unknown as ZodApp, deps);
    const showcase = createShowcase({ reader, clock });
    const dumpsOf = async (dataset: string) => (await keeper?.files(dataset)) ?? [];
    addCatalogueFiles(scope as unknown as ZodApp, { showcase, config, dumpsOf });
    addPages(scope as unknown as ZodApp, { showcase, config, dumpsOf });
    const now = createThingsNow(clock);
    addOgc(scope as unknown as ZodApp, { now, config });
    await scope.register(async (ngsi) => addNgsiLd(ngsi as unknown as ZodApp, { now, config }));
    await scope.register(async (v1) => addRoutes(v1 as unknown as ZodApp, { ...deps, tokens, hub }), {
      prefix: '/api/v1',
    });
  });
  return app;
};
