import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { PROBLEM_JSON } from '../problem.ts';

type Paths = NonNullable<NonNullable<FastifyDynamicSwaggerOptions['openapi']>['paths']>;

const problem = (description: string) => ({
  description,
  content: { [PROBLEM_JSON]: { schema: { $ref: '#/components/schemas/Problem' } } },
});

const receipt = (name: string, description: string) => ({
  type: 'object' as const,
  properties: { [name]: { type: 'integer' as const, description } },
  required: [name],
});

export const webhookScheme = {
  type: 'http',
  scheme: 'bearer',
  description: "`webhookToken` of the network in the hub's configuration",
} as const;

/** `POST /ingest/{network}` in OpenAPI. Its route belongs to ingest, which knows neither zod schemas nor this document. */
export const webhookPaths: Paths = {
  '/ingest/{network}': {
    post: {
      tags: ['operation'],
      operationId: 'postIngestByNetwork',
      summary: 'Hand over a message of a network server (webhook)',
      description: 'Answered once the message is durable. Send it again after 503, a broken connection or no answer.',
      security: [{ webhook: [] }],
      parameters: [
        { name: 'network', in: 'path', required: true, schema: { type: 'string' }, description: 'Id of the network' },
        {
          name: 'event',
          in: 'query',
          schema: { type: 'string' },
          description: 'Kind of event, as ChirpStack names it',
        },
      ],
      requestBody: {
        required: true,
        description: 'The message as the network server wrote it',
        content: { 'application/json': { schema: {} }, 'application/octet-stream': { schema: {} } },
      },
      responses: {
        202: {
          description: 'Durable in the journal, now or before',
          content: {
            'application/json': {
              schema: {
                oneOf: [
                  receipt('position', 'Journal position'),
                  receipt('duplicateOf', 'Position of the message that it repeats'),
                ],
              },
            },
          },
        },
        401: problem('The token is not that of the network'),
        404: problem('No network of this name has a webhook'),
        413: problem('The body is too large'),
        415: problem('The media type is not supported'),
        503: {
          ...problem('The journal cannot take it now'),
          headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds until the next attempt' } },
        },
      },
    },
  },
};
