import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import { type Dataset, visibilities } from '../../model/registry.ts';
import type { Reader } from '../access.ts';
import { hasRole } from '../auth/principal.ts';
import type { RouteDeps } from '../deps.ts';
import { publicationOf } from '../membership.ts';
import { answers, type ZodApp } from '../zod-app.ts';

/** How values are published. */
export const publicationShape = {
  visibility: z.enum(visibilities).describe('private: nobody outside sees it; delayed: later; open: at once'),
  delayMinutes: z.number().int().min(0).max(525_600).describe('Age at which values of what is delayed are seen'),
};

const oneOf = z.object({
  id: z.string().max(80).describe('Dataset'),
  municipality: z.string().max(80).describe('Municipality whose things it is about'),
});

const decisionSchema = z
  .strictObject({ ...publicationShape, delayMinutes: publicationShape.delayMinutes.default(0) })
  .refine(({ visibility, delayMinutes }) => visibility !== 'delayed' || delayMinutes > 0, {
    path: ['delayMinutes'],
    message: 'say by how many minutes, or make it open',
  });
type Decision = Dataset['perMunicipality'][string];

const decisionResource = z
  .object({
    dataset: z.string(),
    municipality: z.string(),
    ...publicationShape,
    follows: z.boolean().describe('It is published like the dataset, without a decision of its own'),
  })
  .meta({ id: 'Publication' });

/** What a municipality decides for its own things. */
export const addPublication = (app: ZodApp, deps: RouteDeps): void => {
  const path = '/datasets/:id/publication/:municipality';
  const config = { access: 'operator' } as const;

  const change = createChange(deps);

  app.put(
    path,
    {
      config,
      schema: {
        tags: ['registry'],
        summary: "Decide how a dataset publishes a municipality's things",
        description:
          'For operators of that municipality or of the region. It holds at once, in every interface, for what was measured before too.',
        params: oneOf,
        querystring: z.strictObject({}),
        body: decisionSchema,
        response: answers({ 200: decisionResource }, 404, 413, 415, 422),
      },
    },
    async ({ reader, params, body }, reply) => reply.send(await change(reader, params, body)),
  );

  app.delete(
    path,
    {
      config,
      schema: {
        tags: ['registry'],
        summary: "Publish a municipality's things like the dataset again",
        params: oneOf,
        querystring: z.strictObject({}),
        response: answers({ 200: decisionResource }, 404, 422),
      },
    },
    async ({ reader, params }, reply) => reply.send(await change(reader, params, undefined)),
  );
};

type Change = (
  reader: Reader,
  target: z.infer<typeof oneOf>,
  decision: Decision | undefined,
) => Promise<z.input<typeof decisionResource>>;

/** Checks, writes and logs one decision. */
const createChange = ({ commands, logger }: RouteDeps): Change => {
  const decide = createDecider(commands);
  return async (reader, { id, municipality }, decision) => {
    requireOwn(reader, municipality);
    reader.get('municipality', municipality);
    reader.get('dataset', id);
    const before = await decide(reader, { id, municipality, decision });
    const dataset = reader.find('dataset', id) ?? before;
    const now = decision ?? { visibility: dataset.visibility, delayMinutes: dataset.delayMinutes };
    const { visibility, delayMinutes } = now;
    const was = publicationOf(before, municipality);
    const by = reader.principal.token ?? 'unknown';
    logger.info({ dataset: id, municipality, visibility, delayMinutes, was, by }, 'publication of a dataset decided');
    return { dataset: id, municipality, visibility, delayMinutes, follows: decision === undefined };
  };
};

const requireOwn = ({ principal }: Reader, municipality: string): void => {
  const isOwn = principal.municipality === undefined || principal.municipality === municipality;
  if (!hasRole(principal, 'operator') || !isOwn) {
    throw new HubError('HUB_AUTH_FORBIDDEN', 'A municipality decides on its own things only');
  }
};

interface Turn {
  readonly id: string;
  readonly municipality: string;
  readonly decision: Decision | undefined;
}

/** Writes one decision after the other: each is made of the whole entry, and must not undo the one before. */
const createDecider = (commands: RouteDeps['commands']) => {
  let last: Promise<unknown> = Promise.resolve();
  return (reader: Reader, { id, municipality, decision }: Turn): Promise<Dataset> => {
    const turn = async (): Promise<Dataset> => {
      const before = reader.get('dataset', id);
      const { [municipality]: _former, ...others } = before.perMunicipality;
      const perMunicipality = decision === undefined ? others : { ...others, [municipality]: decision };
      await commands.applyEntities([{ kind: 'dataset', put: { ...before, perMunicipality } }], { dryRun: false });
      return before;
    };
    const done = last.then(turn, turn);
    last = done.catch(() => undefined);
    return done;
  };
};
