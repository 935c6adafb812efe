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
  add(Array.prototype, 'at', at);
  add(Object.getPrototypeOf(Uint8Array.prototype), 'at', at);
  add(String.prototype, 'at', at);
  add(Array.prototype, 'toSorted', function (compare) { return this.slice().sort(compare); });
  add(Array.prototype, 'toReversed', function () { return this.slice().reverse(); });
  add(Array.prototype, 'findLast', function (test) {
    for (var i = this.length - 1; i >= 0; i--) if (test(this[i], i, this)) return this[i];
  });
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
