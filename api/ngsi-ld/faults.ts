import type { FastifyReply } from 'fastify';
import type { HubError } from '../../model/errors.ts';

/** ETSI GS CIM 009 §5.5.2. */
const ERRORS = 'https://uri.etsi.org/ngsi-ld/errors/';

const typeOf = ({ status }: HubError): string => {
  if (status === 404) return 'ResourceNotFound';
  if (status === 400) return 'BadRequestData';
  return status < 500 ? 'InvalidRequest' : 'InternalError';
};

/** §5.5.3 wants the members of RFC 9457 under the media type application/json. */
export const sendFault = (
  reply: FastifyReply,
  error: HubError,
  problem: { title: string; detail: string; status: number },
): FastifyReply =>
  reply
    .code(error.status)
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(JSON.stringify({ ...problem, type: `${ERRORS}${typeOf(error)}` }));
