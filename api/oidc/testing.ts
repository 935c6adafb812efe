import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

type Algorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA';
type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** A real issuer on loopback: discovery document, keys, and tokens signed by them. */
export const startIssuer = async () => {
  const keys = new Map<string, { pair: KeyPair; alg: Algorithm }>();
  let published: JWK[] = [];
  let status = 200;
  let discovered: object | undefined;
  const asked: string[] = [];

  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const isKeys = request.url === '/keys';
    const document = discovered ?? { issuer, jwks_uri: `${issuer}/keys` };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isKeys ? { keys: published } : document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;

  return {
    issuer,
    /** Paths that were asked for. */
    asked,
    /** Makes a key, and publishes it unless told otherwise. */
    addKey: async (kid: string, { alg = 'ES256' as Algorithm, isPublished = true } = {}): Promise<JWK> => {
      const pair = await generateKeyPair(alg, { extractable: true });
      keys.set(kid, { pair, alg });
      const jwk = { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' };
      if (isPublished) published.push(jwk);
      return jwk;
    },
    publish: (jwks: JWK[]): void => {
      published = jwks;
    },
    answerWith: (code: number, document?: object): void => {
      status = code;
      discovered = document;
    },
    /** A token that holds for five minutes from `at`, with these claims instead of the usual ones. */
    sign: async (
      kid: string,
      { at, claims = {}, header = {} }: { at: number; claims?: object; header?: object },
    ): Promise<string> => {
      const key = keys.get(kid);
      if (!key) throw new Error(`There is no key ${kid}`);
      const now = Math.floor(at / 1000);
      const payload = { iss: issuer, aud: 'plietsch', sub: 'ada', iat: now, exp: now + 300, ...claims };
      return new SignJWT(payload).setProtectedHeader({ alg: key.alg, kid, ...header }).sign(key.pair.privateKey);
    },
    stop: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
export type Issuer = Awaited<ReturnType<typeof startIssuer>>;
