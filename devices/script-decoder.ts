import { HubError } from '../model/errors.ts';
import type { CodecInput } from './codec.ts';
import type { Dialect } from './sandbox/dialects.ts';
import { isOutOfTime, Sandbox } from './sandbox/sandbox.ts';

/** What a script or a network server says about one frame, as it says it. */
export interface ForeignAnswer {
  readonly data?: unknown;
  readonly warnings?: unknown;
  readonly errors?: unknown;
}

export interface ForeignDecoder {
  /** Throws HUB_CODEC_FAILED. */
  answer(input: CodecInput): ForeignAnswer;
  close(): void;
}

/** So often in a row a script may run out of its time. */
const PATIENCE = 5;
/** Then so many frames fail at once, before one is tried again: a codec has no clock by which it could wait. */
const PAUSE_FRAMES = 100;

/**
 * A script behind a fuse: one that runs out of its time again and again is left alone for a while, so that it takes little
 * of the thread's time. A sandbox that broke is started again in the background.
 */
export class ScriptDecoder implements ForeignDecoder {
  readonly #sandbox: Sandbox;
  #overruns = 0;
  #pause = 0;
  #reopening = false;
  #closed = false;

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Throws HUB_CODEC_FAILED where the script does not load. */
  static async open(script: string, dialect: Dialect | 'auto'): Promise<ScriptDecoder> {
    return new ScriptDecoder(await Sandbox.open(script, dialect));
  }

  answer({ fPort, bytes, receivedAt: recvTime, parameters: variables }: CodecInput): ForeignAnswer {
    if (this.#pause > 0) {
      this.#pause--;
      throw new HubError('HUB_CODEC_FAILED', `The script ran out of its time ${PATIENCE} times in a row and is paused`);
    }
    try {
      const answer = this.#sandbox.call({ direction: 'decode', fPort, bytes, recvTime, variables });
      this.#overruns = 0;
      return answer;
    } catch (thrown) {
      if (isOutOfTime(thrown)) this.#overran();
      else if (this.#sandbox.isBroken) this.#reopen();
      else this.#overruns = 0;
      throw thrown;
    }
  }

  close(): void {
    this.#closed = true;
    // What is being started is closed when it has.
    if (!this.#reopening) this.#sandbox.close();
  }

  #overran(): void {
    if (++this.#overruns < PATIENCE) return;
    this.#pause = PAUSE_FRAMES;
    // After the pause one more is enough.
    this.#overruns = PATIENCE - 1;
  }

  #reopen(): void {
    if (this.#reopening) return;
    this.#reopening = true;
    // Where it fails the next frame finds the sandbox broken, and tries again.
    void this.#sandbox
      .reopen()
      .catch(() => undefined)
      .finally(() => {
        this.#reopening = false;
        if (this.#closed) this.#sandbox.close();
      });
  }
}
