import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import { DAY } from '../../model/time.ts';
import type { RouteDeps } from '../deps.ts';
import { answers, type ZodApp } from '../zod-app.ts';

/** A file that says it is good for less than a year (RFC 9116 §2.5.5); as long as the hub runs, it is made anew every day. */
const HOLDS = 90 * DAY;

/** Where to report a weakness of this hub: `/.well-known/security.txt` (RFC 9116). */
export const addSecurityTxt = (app: ZodApp, { config, clock }: Pick<RouteDeps, 'config' | 'clock'>): void => {
  const { security, contact, publicUrl } = config;
  const contacts = security.contacts.length > 0 ? security.contacts : contact.email ? [`mailto:${contact.email}`] : [];
  app.get(
    '/.well-known/security.txt',
    {
      config: { access: 'public', etag: true },
      schema: {
        tags: ['operation'],
        summary: 'Where to report a weakness (RFC 9116)',
        response: answers(
          { 200: { description: 'security.txt', content: { 'text/plain': { schema: z.string() } } } },
          404,
        ),
      },
    },
    async (_request, reply) => {
      if (contacts.length === 0)
        throw new HubError('HUB_NOT_FOUND', 'This hub names nobody to report weaknesses to: api.security.contacts');
      const expires = new Date(Math.floor(clock() / DAY) * DAY + HOLDS);
      const lines = [
        ...contacts.map((uri) => `Contact: ${uri}`),
        `Expires: ${expires.toISOString().replace('.000', '')}`,
        'Preferred-Languages: de, en',
        ...(publicUrl === undefined ? [] : [`Canonical: ${publicUrl.replace(/\/$/, '')}/.well-known/security.txt`]),
        ...(security.policy === undefined ? [] : [`Policy: ${security.policy}`]),
      ];
      return reply.type('text/plain; charset=utf-8').send(`${lines.join('\n')}\n` as never);
    },
  );
};
