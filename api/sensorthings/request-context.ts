import type { FastifyRequest } from 'fastify';
import type { Access } from '../access.ts';
import { LOCAL, type Principal } from '../auth/principal.ts';
import type { RouteDeps } from '../deps.ts';
import { excludedBy, flagsOf, qualityQuery } from '../series/quality-query.ts';
import { type Context, createBudget } from './context.ts';
import { Extents } from './extents.ts';
import { badOption } from './faults.ts';
import { Windows } from './windows.ts';
import type { Writing } from './writing.ts';

export const PREFIX = '/sta/v1.1';
type FlagName = ReturnType<typeof excludedBy>[number];
/** What a request leaves out where it says nothing of quality. */
const LEFT_OUT: readonly FlagName[] = ['fail'];

export interface SensorThingsDeps extends Pick<RouteDeps, 'sensorThings' | 'config' | 'clock'> {
  readonly access: Access;
}

/** On a scratch instance that is open to all, whoever asks is this. */
const scratchAdmin: Principal = { role: 'admin', token: 'anyone' };

export const isOpen = ({ config }: Pick<SensorThingsDeps, 'config'>): boolean => config.sensorThings.write === 'anyone';

/** What answers to requests are made from, and what writing takes. */
export const createContexts = (deps: SensorThingsDeps) => {
  const { config, clock, sensorThings, access } = deps;
  const open = isOpen(deps);
  const windows = new Windows(clock);
  const extents = new Extents(clock, () => windows.clear());

  const contextOf = (request: FastifyRequest, left: readonly FlagName[]): Context => {
    const isAnonymous = request.reader.principal.role === undefined;
    const reader = open && isAnonymous ? access(scratchAdmin) : request.reader;
    const root = (config.publicUrl ?? `${request.protocol}://${request.host}`).replace(/\/$/, '') + PREFIX;
    return {
      reader,
      graph: reader.graph(),
      root,
      without: flagsOf(left),
      now: clock(),
      extents,
      windows,
      budget: createBudget(),
    };
  };

  const writingOf = (request: FastifyRequest): Writing => ({
    context: () => contextOf(request, []),
    port: sensorThings,
    by: request.reader.principal.token ?? (open ? 'anyone' : LOCAL),
  });

  return { contextOf, writingOf };
};

/** Quality flags that a request leaves out. */
export const excluded = (quality: string | undefined): readonly FlagName[] => {
  if (quality === undefined) return LEFT_OUT;
  const parsed = qualityQuery.safeParse(quality);
  if (parsed.success) return excludedBy(parsed.data);
  throw badOption('query.quality', 'names no quality flags', parsed.error.issues[0]?.message ?? 'write all');
};
