/**
 * Built-ins younger than ES2020 that our codecs use, for the engines that lack them. As text, since it stands in front of
 * the bundle and is meant for those engines alone.
 */
export const shims = `(function () {
  function add(target, name, value) {
    if (typeof target[name] !== 'function') Object.defineProperty(target, name, { value: value, writable: true, configurable: true });
  }
  add(Object, 'hasOwn', function (object, name) { return Object.prototype.hasOwnProperty.call(object, name); });
  function at(index) { return this[index < 0 ? this.length + index : index]; }
  add(String.prototype, 'at', at);
  [Array.prototype, Object.getPrototypeOf(Uint8Array.prototype)].forEach(function (list) {
    add(list, 'at', at);
    add(list, 'toSorted', function (compare) { return this.slice().sort(compare); });
    add(list, 'toReversed', function () { return this.slice().reverse(); });
    add(list, 'findLast', function (test) {
      for (var i = this.length - 1; i >= 0; i--) if (test(this[i], i, this)) return this[i];
    });
  });
  function Utf8() {}
  Utf8.prototype.decode = function (bytes) {
    var text = '';
    for (var i = 0; i < bytes.length; i++) text += '%' + (bytes[i] + 256).toString(16).slice(1);
    try {
      return decodeURIComponent(text);
    } catch (error) {
      return text.replace(/%([0-9a-f]{2})/g, function (_, hex) {
        var code = parseInt(hex, 16);
        return code < 128 ? String.fromCharCode(code) : '\\ufffd';
      });
    }
  };
  Utf8.prototype.encode = function (text) {
    var escaped = encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, function (_, hex) {
      return String.fromCharCode(parseInt(hex, 16));
    });
    return Uint8Array.from(escaped, function (c) { return c.charCodeAt(0); });
  };
  add(globalThis, 'TextDecoder', Utf8);
  add(globalThis, 'TextEncoder', Utf8);
  add(String.prototype, 'replaceAll', function (from, to) { return this.split(from).join(to); });
  add(Uint8Array.prototype, 'toHex', function () {
    var text = '';
    for (var i = 0; i < this.length; i++) text += (this[i] + 256).toString(16).slice(1);
    return text;
  });
  add(Uint8Array, 'fromHex', function (text) {
    var bytes = new Uint8Array(text.length / 2);
    for (var i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
    return bytes;
  });
})();`;
