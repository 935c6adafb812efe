import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The built console at `/`; what is not in the folder is a 404, never the start page. */
export const addConsole = async (app: FastifyInstance, consoleDir: string | undefined): Promise<void> => {
  if (consoleDir === undefined) return;
  await app.register(fastifyStatic, {
    root: consoleDir,
    prefix: '/',
    decorateReply: false,
    index: ['index.html'],
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, path) => {
      // The build names assets after their content.
      const isHashed = /[\\/]assets[\\/]/.test(path);
      void reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
};
