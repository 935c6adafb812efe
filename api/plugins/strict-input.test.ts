import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, DEV_EUI, fillRegion, LOCAL_CREDENTIAL, type TestApi } from '../testing.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: {
    readonly type?: string;
    readonly enum?: readonly string[];
    readonly format?: string;
    readonly minimum?: number;
    readonly maximum?: number;
  };
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: object;
}

const NONE = Number.NaN;

let api: TestApi;
let operations: { name: string; method: string; path: string; operation: Operation }[];
beforeAll(async () => {
  api = await createTestApi({ config: { rateLimitPerMinute: 1e9 } });
  await fillRegion(api);
  const document = (await api.get('/openapi.json')).json<{ paths: Record<string, Record<string, Operation>> }>();
  operations = Object.entries(document.paths)
    // Webhooks and SensorThings have rules of their own, and tests of them.
    .filter(([path]) => /^\/(?:api|catalog|ngsi-ld|ogc|dumps|health|ready|metrics|\.well-known)/.test(path))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method} ${path}`,
        method: method.toUpperCase(),
        path: path
          .replace('{id}', 'gauge-1.water_level')
          .replace('{devEui}', DEV_EUI)
          .replace(/\{\w+\}/g, '1'),
        operation,
      })),
    );
});
afterAll(() => api.app.close());

const headers = { authorization: `Bearer ${LOCAL_CREDENTIAL}` };
const ask = async ({ method, path, operation }: (typeof operations)[number], query: string, sent = headers) => {
  const payload = operation.requestBody ? { payload: {} } : {};
  const answer = await api.app.inject({ method: method as 'GET', url: `${path}?${query}`, headers: sent, ...payload });
  return { status: answer.statusCode, problem: answer.body === '' ? {} : answer.json<Problem>(), body: answer.body };
};
interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly faults?: readonly { path: string; message: string; hint?: string }[];
}
const namesIt = (problem: Problem, name: string) => (problem.faults ?? []).some(({ path }) => path === `query.${name}`);
/** The framework looks at the body before the parameters, and says what is wrong with the first of them. */
const namesBody = ({ requestBody }: Operation, problem: Problem) =>
  requestBody !== undefined && /^body\b/.test(problem.faults?.[0]?.path ?? '');
const inQuery = (operation: Operation) => (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');

/** All that is not as it should be, so that a failure shows every route at once. */
const wrongOf = async (check: (one: (typeof operations)[number]) => Promise<string[]>) => {
  const wrong: string[] = [];
  for (const one of operations) wrong.push(...(await check(one)).map((what) => `${one.name}: ${what}`));
  return wrong;
};

describe('every operation of the description', () => {
  it('is there to be looked at', () => expect(operations.length).toBeGreaterThan(40));

  it('names a parameter that it does not know', async () => {
    const wrong = await wrongOf(async (one) => {
      const { status, problem } = await ask(one, 'misspelt=1');
      return status === 400 && (namesIt(problem, 'misspelt') || namesBody(one.operation, problem))
        ? []
        : [`${status} ${problem.detail ?? ''}`];
    });
    expect(wrong).toEqual([]);
  });

  it('names a parameter that is given twice, and says what to do', async () => {
    const wrong = await wrongOf(async (one) => {
      const found: string[] = [];
      for (const { name } of inQuery(one.operation)) {
        const { status, problem } = await ask(one, `${name}=1&${name}=2`);
        const fault = problem.faults?.find(({ path }) => path === `query.${name}`);
        if (status !== 400 || fault?.hint !== 'write it once') found.push(`${name} ${status}`);
      }
      return found;
    });
    expect(wrong).toEqual([]);
  });

  it('names a parameter of 10,000 characters', async () => {
    const wrong = await wrongOf(async (one) => {
      const found: string[] = [];
      for (const { name } of inQuery(one.operation)) {
        const { status, problem } = await ask(one, `${name}=${'x'.repeat(10_000)}`);
        if (status !== 400 || !namesIt(problem, name) || (problem.detail?.length ?? 0) > 2_000)
          found.push(`${name} ${status}`);
      }
      return found;
    });
    expect(wrong).toEqual([]);
  });

  it('names a parameter of the wrong type', async () => {
    const wrong = await wrongOf(async (one) => {
      const found: string[] = [];
      for (const { name, schema } of inQuery(one.operation)) {
        const isText = schema?.type === 'string' && !schema.enum && schema.format !== 'date-time';
        if (isText || schema?.type === undefined) continue;
        const { status, problem } = await ask(one, `${name}=%00nonsense`);
        if (status !== 400 || !(namesIt(problem, name) || namesBody(one.operation, problem)))
          found.push(`${name} ${status}`);
      }
      return found;
    });
    expect(wrong).toEqual([]);
  });

  it('names a number beyond its bounds, and says what they are', async () => {
    let asked = 0;
    const wrong = await wrongOf(async (one) => {
      const found: string[] = [];
      for (const { name, schema: { minimum = NONE, maximum = NONE } = {} } of inQuery(one.operation)) {
        for (const bound of [minimum - 1, maximum + 1].filter(Number.isSafeInteger)) {
          asked++;
          const { status, problem } = await ask(one, `${name}=${bound}`);
          const fault = problem.faults?.find(({ path }) => path === `query.${name}`);
          if (status !== 400 || fault?.hint === undefined) found.push(`${name}=${bound} ${status}`);
        }
      }
      return found;
    });
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(20);
  });

  it.each(['a%5Bb%5D=1', '__proto__=1', 'constructor=1', '=1', `${'a%5B'.repeat(1_000)}=1`, 'limit%5B%5D=1'])(
    'refuses ?%s',
    async (query) => {
      const wrong = await wrongOf(async (one) => {
        const { status } = await ask(one, query);
        return status === 400 ? [] : [String(status)];
      });
      expect(wrong).toEqual([]);
    },
  );

  it('refuses a token in the address, and does not repeat it', async () => {
    const token = 'plt_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    for (const query of [`access_token=${token}`, `token=${token}`, `api-key=${token}`, `cursor=${token}`]) {
      const wrong = await wrongOf(async (one) => {
        const { status, problem, body } = await ask(one, query, {} as typeof headers);
        const isTold = problem.faults?.[0]?.hint?.includes('Authorization: Bearer') === true;
        return status === 400 && isTold && !body.includes('AAAA') ? [] : [`${status} ${body}`];
      });
      expect(wrong).toEqual([]);
    }
  });
});

describe('paths', () => {
  it.each(['x'.repeat(10_000), '%ZZ'])('that cannot be are refused in a few words: %.10s', async (id) => {
    const answer = await api.get(`/things/${id}`);
    const { detail = '', faults } = answer.json<Problem>();
    expect(answer.statusCode).toBe(400);
    expect(faults).toMatchObject([{ path: 'path', hint: expect.any(String) }]);
    expect(detail.length).toBeLessThan(200);
  });
});

describe('bodies', () => {
  const post = (payload: string) =>
    api.app.inject({
      method: 'POST',
      url: '/api/v1/tokens',
      headers: { ...headers, 'content-type': 'application/json' },
      payload,
    });

  it('nested 1,000 deep, wrong, or of unknown members are refused with the member', async () => {
    const deep = `{"role":"reader","name":${'['.repeat(1_000)}${']'.repeat(1_000)}}`;
    const answer = await post(deep);
    expect([answer.statusCode, answer.json<Problem>().faults?.[0]?.path]).toEqual([400, 'body.name']);
    for (const [payload, message] of [
      ['{"role":', 'is not valid JSON'],
      ['', 'is empty'],
    ] as const) {
      const { faults } = (await post(payload)).json<Problem>();
      expect(faults).toMatchObject([{ path: 'body', message, hint: expect.any(String) }]);
    }
    const unknown = await post('{"role":"reader","colour":"red"}');
    expect(unknown.json<Problem>().faults).toMatchObject([{ path: 'body.colour' }]);
    const contradictory = await post('{"role":"public","municipality":"laboe"}');
    expect(contradictory.json<Problem>().faults).toMatchObject([{ path: 'body.municipality' }]);
  });
});
