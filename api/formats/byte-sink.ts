/** Bytes that grow: parts that are at hand as bytes are copied, which costs a fraction of making them out of text anew. */
export class ByteSink {
  #bytes: Buffer;
  #length = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  get length(): number {
    return this.#length;
  }

  bytes(part: Uint8Array): void {
    this.#ensure(part.length);
    this.#bytes.set(part, this.#length);
    this.#length += part.length;
  }

  /** A text of ASCII characters only. */
  ascii(text: string): void {
    this.#ensure(text.length);
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
  }

  /** What was written; nothing may be written after. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #ensure(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
