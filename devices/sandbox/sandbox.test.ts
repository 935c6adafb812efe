import { performance } from 'node:perf_hooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Dialect, dialects } from './dialects.ts';
import { Sandbox } from './sandbox.ts';

const recvTime = Date.UTC(2026, 2, 2, 12);
const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
/** What the hub promises. A loaded machine may pause us, so the shortest of a few tries counts. */
const STOPPED_WITHIN_MS = 100;
const TRIES = 3;

const open = async (script: string, dialect?: Dialect): Promise<Sandbox> => {
  const sandbox = await Sandbox.open(script, dialect);
  onTestFinished(() => sandbox.close());
  return sandbox;
};
const decode = (sandbox: Sandbox, variables = {}) =>
  sandbox.call({ direction: 'decode', fPort: 7, bytes, recvTime, variables });

describe('the dialects', () => {
  it.each([
    ['ts013', 'function decodeUplink(input) { return { data: { n: input.bytes.length, p: input.fPort } }; }'],
    ['chirpstack-v3', 'function Decode(fPort, bytes) { return { n: bytes.length, p: fPort }; }'],
    ['ttn-v2', 'function Decoder(bytes, port) { return { n: bytes.length, p: port }; }'],
    [
      'actility',
      'var driver = { decodeUplink: function (i) { return { data: { n: i.bytes.length, p: i.fPort } }; } };',
    ],
    [
      'ts013',
      '/*\n export of the vendor\n*/ function decodeUplink(i) { return { data: { n: i.bytes.length, p: i.fPort } }; }',
    ],
    ['ts013', 'module.exports = { decodeUplink: (i) => ({ data: { n: i.bytes.length, p: i.fPort } }) };'],
    ['ts013', 'export function decodeUplink(i) { return { data: { n: i.bytes.length, p: i.fPort } }; }'],
  ])('finds %s', async (dialect, script) => {
    const sandbox = await open(script);
    expect(sandbox.dialect).toBe(dialect);
    expect(decode(sandbox)).toMatchObject({ data: { n: 10, p: 7 } });
  });

  it('prefers decodeUplink where a file serves several network servers, as Milesight writes them', async () => {
    const sandbox = await open(`
      function decodeUplink(input) { return { data: decode(input.bytes, 'up') }; }
      function Decode(fPort, bytes) { return decode(bytes, 'v3'); }
      function Decoder(bytes, port) { return decode(bytes, 'v2'); }
      function decode(bytes, via) { return { via: via }; }`);
    expect(decode(sandbox)).toMatchObject({ data: { via: 'up' } });
    const old = await open(
      'function Decode(p, b) { return { via: 3 }; } function Decoder(b, p) { return { via: 2 }; }',
      'ttn-v2',
    );
    expect(decode(old)).toMatchObject({ data: { via: 2 } });
  });

  it('runs the scripts of ChirpStack 4 strictly and older ones as they were written', async () => {
    const sloppy = 'function decodeUplink() { leaked = 1; return { data: { leaked: leaked } }; }';
    expect(decode(await open(sloppy, 'ts013'))).toMatchObject({ data: { leaked: 1 } });
    await expect(open(sloppy, 'chirpstack-v4').then((sandbox) => decode(sandbox))).rejects.toThrow(
      /leaked is not defined/,
    );
  });

  it('hands over variables, and the time of reception as the only clock', async () => {
    const script = `function decodeUplink(i) { return { data: {
      depth: i.variables.depthMm, at: i.recvTime.toISOString(), now: Date.now(), date: new Date().toISOString() } }; }`;
    expect(decode(await open(script), { depthMm: 900 })).toMatchObject({
      data: { depth: 900, at: '2026-03-02T12:00:00.000Z', now: recvTime, date: '2026-03-02T12:00:00.000Z' },
    });
  });

  it('encodes downlinks', async () => {
    const call = { direction: 'encode', fPort: 85, data: { s: 600 }, recvTime, variables: {} } as const;
    const ts013 = await open(`function decodeUplink() {}
      function encodeDownlink(i) { return { fPort: 9, bytes: [i.data.s & 255, i.data.s >> 8] }; }`);
    expect(ts013.call(call)).toMatchObject({ fPort: 9, bytes: [88, 2] });
    const v3 = await open('function Decode() {} function Encode(fPort, obj) { return [fPort, obj.s & 255]; }');
    expect(v3.call(call)).toMatchObject({ bytes: [85, 88] });
  });

  it('says what a script lacks', async () => {
    await expect(open('var x = 1;')).rejects.toMatchObject({
      code: 'HUB_CODEC_FAILED',
      message: /none of the functions/,
    });
    await expect(open('function (')).rejects.toMatchObject({ code: 'HUB_CODEC_FAILED', message: /SyntaxError/ });
    expect(dialects).toHaveLength(6);
  });
});

describe('a call', () => {
  it('begins anew each time: neither variables nor leaked globals stay', async () => {
    const sandbox = await open(
      'var n = 0; function decodeUplink() { n++; m = typeof m; return { data: { n: n, m: m } }; }',
    );
    const first = decode(sandbox);
    expect(first).toMatchObject({ data: { n: 1, m: 'undefined' } });
    expect(decode(sandbox)).toEqual(first);
  });

  it.each([
    ['no object', 'return 5', /did not answer an object/],
    ['a list as data', 'return { data: [1] }', /did not answer data/],
    ['a circle', 'var o = {}; o.o = o; return { data: o }', /circular/],
    ['too much', 'return { data: { s: "a".repeat(100000) } }', /more than 65536 bytes/],
    ['a throw', 'throw new Error("no such message type")', /no such message type/],
    ['chance', 'return { data: { r: Math.random() } }', /not available/],
  ])('with %s is a coded error', async (_, body, message) => {
    const sandbox = await open(`function decodeUplink(input) { ${body}; }`);
    expect(() => decode(sandbox)).toThrow(
      expect.objectContaining({ code: 'HUB_CODEC_FAILED', message: expect.stringMatching(message) }),
    );
  });
});

describe('a hostile script', () => {
  const hostile = [
    ['an endless loop', 'while (true) {}'],
    ['a memory bomb of lists', 'var a = []; while (true) a.push(new Array(1000).fill(1))'],
    ['a memory bomb of text', 'var s = "x"; while (true) s += s'],
    ['endless recursion', 'return decodeUplink(input)'],
    ['regular expression backtracking', 'return { data: { x: /^(a+)+$/.test("a".repeat(40) + "b") } }'],
    ['a loop of promises', 'var p = Promise.resolve(); (function f() { p = p.then(f); })(); while (true) p.then(0)'],
    ['a getter that never answers', 'return { data: { get x() { while (true) {} } } }'],
    ['a proxy that never answers', 'return { data: new Proxy({}, { ownKeys: function () { while (true) {} } }) }'],
    [
      'work for ever in a built-in',
      'var a = new Array(3e6); for (var i = 0; i < a.length; i++) a[i] = i % 7; a.sort()',
    ],
  ] as const;

  it.each(hostile)('with %s is stopped, and the next call works', async (_, body) => {
    const sandbox = await open(
      `function decodeUplink(input) { if (input.fPort === 1) return { data: { ok: 1 } }; ${body}; }`,
    );
    const times = Array.from({ length: TRIES }, () => {
      const begin = performance.now();
      expect(() => decode(sandbox)).toThrow(expect.objectContaining({ code: 'HUB_CODEC_FAILED' }));
      return performance.now() - begin;
    });
    expect(Math.min(...times)).toBeLessThan(STOPPED_WITHIN_MS);
    expect(sandbox.isBroken).toBe(false);
    expect(sandbox.call({ direction: 'decode', fPort: 1, bytes, recvTime, variables: {} })).toMatchObject({
      data: { ok: 1 },
    });
  });

  it('is stopped while it loads, too', async () => {
    await expect(open('while (true) {}')).rejects.toThrow(/stopped after/);
  });

  it('bends built-ins for itself at most', async () => {
    const script = `Object.prototype.polluted = 1; JSON.stringify = function () { return '{"data":{"forged":1}}'; };
      Array.isArray = function () { throw 1; };
      function decodeUplink() { return { data: { '__proto__': { y: 1 }, constructor: 2, honest: 3 } }; }`;
    const answer = decode(await open(script)) as { data: Record<string, unknown> };
    expect(answer.data.honest).toBe(3);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(answer.data)).toBe(Object.prototype);
  });

  it.each([
    'process',
    'require',
    'globalThis.process',
    'fetch',
    'WebAssembly',
    'std',
    'os',
    'console.log.constructor("return process")()',
  ])('does not reach %s', async (name) => {
    const script = `function decodeUplink() { return { data: { it: typeof (${name}) } }; }`;
    const sandbox = await open(script);
    let found: unknown = 'nothing';
    try {
      found = (decode(sandbox) as { data: { it: string } }).data.it;
    } catch {
      // Not even a name: as good.
    }
    expect(['nothing', 'undefined']).toContain(found);
  });

  it('cannot import', async () => {
    await expect(open('import fs from "fs"; export function decodeUplink() {}')).rejects.toThrow(/cannot import/);
  });
});
