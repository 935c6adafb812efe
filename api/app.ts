import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { createAccess } from './access.ts';
import type { ApiDeps } from './deps.ts';
import { LiveHub } from './live-hub.ts';
import { addAuth } from './plugins/auth.ts';
import { addConsole } from './plugins/console.ts';
import { addDocs } from './plugins/docs.ts';
import { addEtag } from './plugins/etag.ts';
import { addProblems } from './plugins/problems.ts';
import { addRequestMetrics } from './plugins/request-metrics.ts';
import { addCompression, addLimits, addTransport } from './plugins/transport.ts';
import { errorOf, sendProblem } from './problem.ts';
import { addHealth } from './routes/health.ts';
import { addRoutes } from './routes/routes.ts';
import { TokenKeeper } from './tokens.ts';
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
    // Datastream ids are the longest parameters.
    routerOptions: { maxParamLength: 300 },
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, errorOf(error)),
  });
  const tokens = new TokenKeeper({ accounts, clock, local });
  const access = createAccess(deps);
  const hub = new LiveHub({
    live,
    config: config.sse,
    metrics,
    stillHolds: (principal) => tokens.stillHolds(principal),
    clock,
  });
  app.addHook('onReady', async () => hub.start());
  app.addHook('preClose', async () => hub.stop());

  const refuseUnknown = addProblems(app);
  addRequestMetrics(app, metrics);
  await addTransport(app, config);
  app.addHook('onRequest', refuseUnknown);
  addAuth(app, { tokens, access, config, clock });
  await addLimits(app, config);
  await addCompression(app);
  addEtag(app);
  await addDocs(app, config);
  await addConsole(app, deps.consoleDir);

  await app.register(async (scope) => {
    scope.setValidatorCompiler(validatorCompiler);
    scope.setSerializerCompiler(serializerCompiler);
    addHealth(scope as unknown as ZodApp, deps);
    await scope.register(async (v1) => addRoutes(v1 as unknown as ZodApp, { ...deps, tokens, hub }), {
      prefix: '/api/v1',
    });
  });
  return app;
};
