/**
 * Runs inside the sandbox, before the script: hands the call over to the function that the dialect names, and takes the
 * answer back as text. It keeps the built-ins that it needs, so that a script which bends them bends only its own answers.
 * Plain ES2020 as text, since QuickJS and not the hub executes it.
 */
export const prelude = `(function () {
  var parse = JSON.parse, stringify = JSON.stringify, isArray = Array.isArray, names = Object.keys;
  var NativeDate = Date, RealError = Error, Bytes = Uint8Array, from = Array.from;
  Math.random = function () { throw new RealError('Math.random is not available to codecs'); };

  function pick(api, names) {
    for (var i = 0; i < names.length; i++) if (typeof api[names[i]] === 'function') return api[names[i]];
    throw new RealError('The script has no function ' + names.join(' or '));
  }
  function object(value) {
    return value === null || typeof value !== 'object' || isArray(value) ? undefined : value;
  }
  function wrapped(value) {
    if (!object(value)) throw new RealError('The codec did not answer an object');
    return { data: value, errors: value.errors === undefined ? [] : value.errors, warnings: [] };
  }
  function ts013(api, input) {
    var decode = pick(api, ['decodeUplink', 'exports.decodeUplink', 'driver.decodeUplink']);
    var answer = decode({
      bytes: input.bytes, fPort: input.fPort, recvTime: new NativeDate(input.recvTime), variables: input.variables
    });
    if (!object(answer)) throw new RealError('decodeUplink did not answer an object');
    var failed = isArray(answer.errors) && answer.errors.length > 0;
    if (!failed && !object(answer.data)) throw new RealError('decodeUplink did not answer data');
    return { data: answer.data, errors: answer.errors, warnings: answer.warnings };
  }
  function plain(api, names, input, portFirst) {
    var decode = pick(api, names);
    return wrapped(
      portFirst ? decode(input.fPort, input.bytes, input.variables) : decode(input.bytes, input.fPort, input.variables)
    );
  }
  function actility(api, input) {
    if (typeof api['driver.decodeUplink'] === 'function' || typeof api.decodeUplink === 'function') {
      return ts013(api, input);
    }
    return plain(api, ['Decoder', 'Decode'], input, false);
  }
  function encoded(answer) {
    if (isArray(answer)) return { bytes: answer };
    if (!object(answer)) throw new RealError('The encoder did not answer bytes');
    return { bytes: answer.bytes, fPort: answer.fPort, errors: answer.errors, warnings: answer.warnings };
  }
  function encode(api, dialect, input) {
    if (dialect === 'chirpstack-v3') return encoded(pick(api, ['Encode'])(input.fPort, input.data, input.variables));
    if (dialect === 'ttn-v2') return encoded(pick(api, ['Encoder'])(input.data, input.fPort));
    var run = pick(api, ['encodeDownlink', 'exports.encodeDownlink', 'driver.encodeDownlink']);
    return encoded(run({ data: input.data, fPort: input.fPort, variables: input.variables }));
  }
  function decode(api, dialect, input) {
    if (dialect === 'chirpstack-v3') return plain(api, ['Decode'], input, true);
    if (dialect === 'ttn-v2') return plain(api, ['Decoder'], input, false);
    return dialect === 'actility' ? actility(api, input) : ts013(api, input);
  }
  /** A script that leaves globals behind would answer otherwise the next time. The built-in ones are not enumerable. */
  function tidy() {
    var left = names(globalThis);
    for (var i = 0; i < left.length; i++) if (left[i] !== '__load') delete globalThis[left[i]];
  }
  /** bytes: an ArrayBuffer to decode, or undefined to encode; text: JSON of the variables and what is to be encoded, or ''. */
  return function (load, dialect, fPort, recvTime, bytes, text) {
    try {
      var api = load();
      if (dialect === '') return stringify({ names: names(api).filter(function (name) { return typeof api[name] === 'function'; }) });
      var more = text === '' ? {} : parse(text);
      var input = { fPort: fPort, recvTime: recvTime, variables: more.variables || {}, data: more.data, bytes: undefined };
      if (bytes === undefined) return stringify(encode(api, dialect, input));
      input.bytes = from(new Bytes(bytes));
      return stringify(decode(api, dialect, input));
    } finally {
      tidy();
    }
  };
})()`;

/** Names under which the functions of a script are handed over. */
const FUNCTIONS = ['decodeUplink', 'encodeDownlink', 'decodeDownlink', 'Decode', 'Decoder', 'Encode', 'Encoder'];

/**
 * The script as the body of a function that is run anew for every call: what it keeps in its variables is gone with the
 * call, so that the same frame always gives the same answer.
 */
export const loaderOf = (script: string, strict: boolean): string => `(function () {${strict ? ' "use strict";' : ''}
  var exports = {}, module = { exports: exports };
${script}
;
  var api = { ${FUNCTIONS.map((name) => `${name}: typeof ${name} === 'function' ? ${name} : undefined`).join(', ')} };
  if (typeof driver === 'object' && driver !== null) {
    api['driver.decodeUplink'] = driver.decodeUplink;
    api['driver.encodeDownlink'] = driver.encodeDownlink;
  }
  var given = (module.exports && module.exports.driver) || module.exports;
  if (given && (given.decodeUplink || given.encodeDownlink)) {
    api['exports.decodeUplink'] = given.decodeUplink;
    api['exports.encodeDownlink'] = given.encodeDownlink;
  }
  return api;
})`;

/** A script with \`export\` statements is a module: it is loaded once, and its exports are handed over. */
export const moduleLoader = `import * as script from 'codec';
globalThis.__load = function () {
  var given = script.driver || script.default || {};
  return {
    decodeUplink: script.decodeUplink || given.decodeUplink, encodeDownlink: script.encodeDownlink || given.encodeDownlink,
    Decode: script.Decode, Decoder: script.Decoder, Encode: script.Encode, Encoder: script.Encoder
  };
};`;
