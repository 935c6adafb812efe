import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** A file that is being written under a name that nobody reads; its hash is taken of what goes to the disk. */
export class DumpFile {
  readonly #path: string;
  readonly #entry: NodeJS.ReadWriteStream;
  readonly #done: Promise<void>;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(path: string, { gzip }: { gzip: boolean }) {
    this.#path = path;
    this.#entry = gzip ? createGzip() : new PassThrough();
    const measure = new Transform({
      transform: (chunk: Buffer, _encoding, callback) => {
        this.#hash.update(chunk);
        this.#bytes += chunk.length;
        callback(null, chunk);
      },
    });
    // With `flush` the bytes are on the disk before the file is closed.
    this.#done = pipeline(
      this.#entry,
      measure,
      createWriteStream(this.partial, { flags: 'w', mode: 0o600, flush: true }),
    );
    this.#done.catch(() => undefined);
  }

  get partial(): string {
    return `${this.#path}.partial`;
  }

  /** Waits while the disk is behind; throws what the disk refuses. */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    if (!this.#entry.write(bytes)) await Promise.race([once(this.#entry, 'drain'), this.#done]);
  }

  /** Completes the file and gives it its name. */
  async finish(): Promise<{ bytes: number; sha256: string }> {
    this.#entry.end();
    await this.#done;
    await rename(this.partial, this.#path);
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async discard(): Promise<void> {
    this.#entry.end();
    await this.#done.catch(() => undefined);
    await rm(this.partial, { force: true });
    await rm(this.#path, { force: true });
  }
}
