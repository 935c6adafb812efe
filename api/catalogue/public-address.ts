import type { FastifyRequest } from 'fastify';
import { HubError } from '../../model/errors.ts';

/** Names, IPv4 and IPv6 addresses, with a port. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The address under which this hub is reached, without a slash at its end: as configured, else as it was asked. */
export const publicAddress = (
  { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>,
  publicUrl: string | undefined,
): string => {
  if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, '');
  if (!HOST.test(host)) {
    throw new HubError('HUB_REQUEST_INVALID', 'The Host header names no host', {
      faults: [
        { path: 'header.host', message: 'is no host', hint: 'write the name of the hub, e.g. daten.example.org' },
      ],
    });
  }
  return `${protocol}://${host}`;
};
