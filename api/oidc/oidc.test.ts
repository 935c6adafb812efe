import { createHmac } from 'node:crypto';
import { exportSPKI, importJWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../model/time.ts';
import { createOidc } from './oidc.ts';
import { type OidcConfig, oidcConfigSchema } from './oidc-config.ts';
import { type Issuer, startIssuer } from './testing.ts';

const START = Date.UTC(2026, 2, 2, 12);
let issuer: Issuer;
let now: number;
beforeEach(async () => {
  issuer = await startIssuer();
  now = START;
  await issuer.addKey('one');
});
afterEach(() => issuer.stop());

const make = (more: Partial<OidcConfig> = {}, cooldownMs = 0) =>
  createOidc({
    config: { ...oidcConfigSchema.parse({ issuer: issuer.issuer, audience: 'plietsch' }), ...more },
    clock: () => now,
    cooldownMs,
  });

const sign = (claims: object = {}, header: object = {}) => issuer.sign('one', { at: START, claims, header });
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const keyCalls = () => issuer.asked.filter((path) => path === '/keys').length;

describe('tokens of the issuer', () => {
  it('are taken, with role and end', async () => {
    const oidc = make();
    const principal = await oidc.principalOf(await sign({ roles: ['plietsch-reader', 'plietsch-operator', 'other'] }));
    expect(principal).toEqual({ token: 'oidc:ada', role: 'operator', expiresAt: START + 305 * SECOND });
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('may be signed by %s', async (alg) => {
    await issuer.addKey(alg, { alg });
    expect(await make().principalOf(await issuer.sign(alg, { at: START }))).toMatchObject({ token: 'oidc:ada' });
    const others = oidcConfigSchema.shape.algorithms.parse(['RS256', 'ES256'].filter((one) => one !== alg));
    expect(await make({ algorithms: others }).principalOf(await issuer.sign(alg, { at: START }))).toBeUndefined();
  });

  it.each([
    ['another audience', { aud: 'another' }],
    ['another issuer', { iss: 'http://127.0.0.1:1' }],
    ['the past', { exp: START / 1000 - 6 }],
    ['a time to come', { nbf: START / 1000 + 6 }],
    ['no end', { exp: undefined }],
    ['nobody', { sub: undefined }],
  ])('of %s are refused', async (_what, claims) => {
    expect(await make().principalOf(await sign(claims))).toBeUndefined();
  });

  it('are taken within the tolerance of clocks, and not beyond', async () => {
    const oidc = make();
    const token = await sign();
    now = START + 304 * SECOND;
    const principal = await oidc.principalOf(token);
    expect(principal && oidc.stillHolds(principal)).toBe(true);
    now = START + 305 * SECOND;
    expect(await oidc.principalOf(token)).toBeUndefined();
    expect(principal && oidc.stillHolds(principal)).toBe(false);
    expect(oidc.stillHolds({ token: '0123456789abcdef' })).toBeUndefined();
  });

  it.each(['logout+jwt', 'dpop+jwt', 'secevent+jwt'])('of the type %s are no leave to read', async (typ) => {
    expect(await make().principalOf(await sign({}, { typ }))).toBeUndefined();
    expect(await make().principalOf(await sign({}, { typ: 'at+jwt' }))).toBeDefined();
  });

  it('are refused where the signature was tampered with, left out, or made with the public key', async () => {
    const oidc = make();
    const token = await sign();
    const [head = '', body = '', signature = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const admin = part({ ...claims, roles: ['plietsch-admin'] });
    expect(await oidc.principalOf(`${head}.${admin}.${signature}`)).toBeUndefined();
    expect(await oidc.principalOf(`${part({ alg: 'none' })}.${admin}.`)).toBeUndefined();
    expect(await oidc.principalOf(`${part({ alg: 'NONE', kid: 'one' })}.${admin}.`)).toBeUndefined();
    expect(await oidc.principalOf(`${head}.${admin}.`)).toBeUndefined();
    const jwk = await issuer.addKey('rsa', { alg: 'RS256' });
    const pem = await exportSPKI((await importJWK(jwk, 'RS256')) as CryptoKey);
    const forged = `${part({ alg: 'HS256', kid: 'rsa' })}.${admin}`;
    const mac = createHmac('sha256', pem).update(forged).digest('base64url');
    expect(await oidc.principalOf(`${forged}.${mac}`)).toBeUndefined();
    // A key that the token brings along is nobody's.
    const own = await issuer.addKey('own', { isPublished: false });
    const selfMade = await issuer.sign('own', { at: START, header: { kid: 'one', jwk: own } });
    expect(await oidc.principalOf(selfMade)).toBeUndefined();
  });

  it('longer than 8 KiB, or of others, make nobody call the issuer', async () => {
    const oidc = make();
    expect(await oidc.principalOf(await sign({ much: 'x'.repeat(8_000) }))).toBeUndefined();
    expect(await oidc.principalOf(await sign({ iss: 'https://elsewhere.example' }))).toBeUndefined();
    expect(await oidc.principalOf(`${part({ alg: 'HS256' })}.${part({})}.x`)).toBeUndefined();
    expect(await oidc.principalOf('a.b.c')).toBeUndefined();
    expect(issuer.asked).toEqual([]);
  });
});

describe('keys', () => {
  it('are asked for once, and once more for a new one', async () => {
    const oidc = make();
    for (let i = 0; i < 5; i++) await oidc.principalOf(await sign());
    expect(keyCalls()).toBe(1);
    await issuer.addKey('two');
    const fresh = await issuer.sign('two', { at: START });
    const both = await Promise.all([oidc.principalOf(fresh), oidc.principalOf(fresh)]);
    expect(both.every((one) => one?.token === 'oidc:ada')).toBe(true);
    expect(keyCalls()).toBe(2);
  });

  it('that do not exist are not asked for again and again', async () => {
    const oidc = make({}, HOUR);
    await oidc.principalOf(await sign());
    await issuer.addKey('unpublished', { isPublished: false });
    for (let i = 0; i < 5; i++)
      expect(await oidc.principalOf(await issuer.sign('unpublished', { at: START }))).toBeUndefined();
    expect(keyCalls()).toBe(1);
  });

  it('that were withdrawn stop after ten minutes', async () => {
    const oidc = make();
    const token = await sign({ exp: START / 1000 + 3600 });
    expect(await oidc.principalOf(token)).toBeDefined();
    issuer.publish([await issuer.addKey('two')]);
    now = START + 11 * MINUTE;
    await oidc.principalOf(token);
    await expect.poll(() => keyCalls()).toBe(2);
    await expect.poll(() => oidc.principalOf(token)).toBeUndefined();
  });

  it('that are known go on working while the issuer is away, for a day; unknown ones are not called wrong', async () => {
    const oidc = make();
    const long = await sign({ exp: START / 1000 + 7 * 86_400 });
    const early = make();
    await issuer.addKey('two', { isPublished: false });
    const unknown = await issuer.sign('two', { at: START, claims: { exp: START / 1000 + 7 * 86_400 } });
    expect(await oidc.principalOf(long)).toBeDefined();
    await issuer.stop();
    expect(await oidc.principalOf(long)).toBeDefined();
    await expect(oidc.principalOf(unknown)).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
    await expect(early.principalOf(long)).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
    now = START + 23 * HOUR;
    expect(await oidc.principalOf(long)).toBeDefined();
    now = START + 25 * HOUR;
    await expect(oidc.principalOf(long)).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
  });

  it('leave an issuer alone that failed, and are asked for again afterwards', async () => {
    const oidc = make();
    issuer.answerWith(503);
    for (let i = 0; i < 5; i++) await expect(oidc.principalOf(await sign())).rejects.toThrow('issuer');
    expect(issuer.asked).toHaveLength(1);
    issuer.answerWith(200);
    now = START + 6 * SECOND;
    expect(await oidc.principalOf(await sign())).toBeDefined();
  });

  it.each([
    ['of another issuer', { issuer: 'https://elsewhere.example', jwks_uri: 'https://elsewhere.example/keys' }],
    ['without an address', {}],
    ['with an address that is not safe', { jwks_uri: 'http://elsewhere.example/keys' }],
    ['too large', { much: 'x'.repeat(300_000) }],
  ])('are not taken from a discovery document %s', async (_what, document) => {
    issuer.answerWith(200, { issuer: issuer.issuer, ...document });
    await expect(make().principalOf(await sign())).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
    expect(keyCalls()).toBe(0);
  });

  it('may be at an address of the configuration', async () => {
    const oidc = make({ jwksUri: `${issuer.issuer}/keys` });
    expect(await oidc.principalOf(await sign())).toBeDefined();
    expect(issuer.asked).toEqual(['/keys']);
  });
});

describe('claims', () => {
  const principalOf = async (config: Partial<OidcConfig>, claims: object) => {
    const { expiresAt: _end, ...principal } = (await make(config).principalOf(await sign(claims))) ?? {};
    return principal;
  };

  it('name roles, by a path and a mapping; what is not mapped gives none', async () => {
    const config = { roleClaim: 'realm_access.roles', roles: { editor: 'operator', boss: 'admin' } as const };
    const held = (roles: unknown) => principalOf(config, { realm_access: { roles } });
    expect(await held(['editor', 'boss'])).toEqual({ token: 'oidc:ada', role: 'admin' });
    expect(await held('editor')).toMatchObject({ role: 'operator' });
    for (const none of [['plietsch-admin'], [], {}, null, 7, ['__proto__', 'constructor']])
      expect(await held(none)).toEqual({ token: 'oidc:ada' });
    expect(await principalOf(config, { roles: ['boss'] })).toEqual({ token: 'oidc:ada' });
    const dotted = { roleClaim: ['https://example.org/roles'], roles: config.roles };
    expect(await principalOf(dotted, { 'https://example.org/roles': ['boss'] })).toMatchObject({ role: 'admin' });
  });

  it('name one municipality, or all; without one there is no role', async () => {
    const config = { municipalityClaim: 'ort', municipalities: { '01057001': 'laboe' } };
    const held = (ort: unknown) => principalOf(config, { roles: ['plietsch-operator'], ort });
    expect(await held('01057001')).toEqual({ token: 'oidc:ada', role: 'operator', municipality: 'laboe' });
    expect(await held(['stein'])).toMatchObject({ role: 'operator', municipality: 'stein' });
    expect(await held('*')).toEqual({ token: 'oidc:ada', role: 'operator' });
    expect(await held(undefined)).toEqual({ token: 'oidc:ada' });
    await expect(held(['stein', 'laboe'])).rejects.toMatchObject({ code: 'HUB_AUTH_FORBIDDEN' });
  });
});

describe('the configuration', () => {
  it.each([
    [{ issuer: 'http://login.example.org' }, 'issuer'],
    [{ jwksUri: 'http://login.example.org/keys' }, 'jwksUri'],
    [{ issuer: 'http://127.0.0.1.example.org' }, 'issuer'],
    [{ algorithms: ['HS256'] }, 'algorithms'],
    [{ algorithms: ['none'] }, 'algorithms'],
    [{ algorithms: [] }, 'algorithms'],
    [{ roles: { boss: 'king' } }, 'roles'],
  ])('refuses %j', (changes, path) => {
    const usual = { issuer: 'https://login.example.org', audience: 'plietsch' };
    const parsed = oidcConfigSchema.safeParse({ ...usual, ...changes });
    expect(parsed.error?.issues[0]?.path[0]).toBe(path);
    expect(oidcConfigSchema.safeParse(usual).success).toBe(true);
  });
});
