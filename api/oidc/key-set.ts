import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { HubError } from '../../model/errors.ts';
import { type EpochMs, HOUR, MINUTE, SECOND } from '../../model/time.ts';
import { isSafe, type OidcConfig } from './oidc-config.ts';

/** Keys are asked for again after this; what is known goes on working while the issuer is away, */
const REFRESH = 10 * MINUTE;
/** but not for ever: a key that was withdrawn must stop. */
const OLDEST = 24 * HOUR;
/** After a failure the issuer is left alone. */
const REST = 5 * SECOND;
const TIMEOUT = 5 * SECOND;
const LARGEST_ANSWER = 256 * 1024;

export interface KeySetDeps {
  readonly config: Pick<OidcConfig, 'issuer' | 'jwksUri'>;
  readonly clock: () => EpochMs;
  /** Least time between two questions that tokens with unknown keys cause. */
  readonly cooldownMs?: number;
}

type RemoteSet = ReturnType<typeof createRemoteJWKSet>;

const away = (cause: unknown) =>
  new HubError('HUB_UNAVAILABLE', 'The issuer of the token does not answer, and its key is not known', { cause });

/** The issuer's public keys. Throws HUB_UNAVAILABLE where one cannot be had; a key that does not exist is jose's error. */
export const createKeySet = ({ config, clock, cooldownMs = 30_000 }: KeySetDeps): JWTVerifyGetKey => {
  let remote: Promise<RemoteSet> | undefined;
  let loadedAt: EpochMs | undefined;
  let restsUntil = 0;

  const ask = async (url: string, options: RequestInit = {}): Promise<Response> => {
    if (clock() < restsUntil) throw away(undefined);
    try {
      const answer = await fetch(url, { ...options, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) });
      const text = await boundedText(answer);
      if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
      return new Response(text, { headers: { 'content-type': 'application/json' } });
    } catch (cause) {
      restsUntil = clock() + REST;
      throw away(cause);
    }
  };

  const discover = async (): Promise<string> => {
    const url = `${config.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const found = (await (await ask(url)).json().catch(() => undefined)) as Record<string, unknown> | null | undefined;
    const uri = found?.jwks_uri;
    // OpenID Connect Discovery 1.0 §4.3: else another one's document could stand in.
    if (found?.issuer !== config.issuer) throw away(new Error(`${url} is not of ${config.issuer}`));
    if (typeof uri !== 'string' || !isSafe(uri)) throw away(new Error(`${url} names no https jwks_uri`));
    return uri;
  };

  const open = async (): Promise<RemoteSet> =>
    createRemoteJWKSet(new URL(config.jwksUri ?? (await discover())), {
      cooldownDuration: cooldownMs,
      // Its age is looked after here: jose would forget what it knows while the issuer is away.
      cacheMaxAge: Number.POSITIVE_INFINITY,
      [customFetch]: async (url, options) => {
        const answer = await ask(url, options as RequestInit);
        loadedAt = clock();
        return answer;
      },
    });

  let reload: Promise<void> | undefined;
  const refresh = (set: RemoteSet): Promise<void> => {
    reload ??= set.reload().finally(() => {
      reload = undefined;
    });
    return reload;
  };

  return async (header, token) => {
    remote ??= open().catch((cause: unknown) => {
      remote = undefined;
      throw cause;
    });
    const set = await remote;
    const age = loadedAt === undefined ? 0 : clock() - loadedAt;
    if (age > OLDEST) await refresh(set);
    else if (age > REFRESH) refresh(set).catch(() => undefined);
    return set(header, token);
  };
};

const boundedText = async (answer: Response): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of answer.body ?? []) {
    text += decoder.decode(piece as Uint8Array, { stream: true });
    if (text.length > LARGEST_ANSWER) throw new Error('The answer of the issuer is too large');
  }
  return text;
};
