import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { EvalFlags, Intrinsics, JSException, type JSValueHandle, MAX_STACK_SIZE, QuickJS } from 'quickjs-wasi';
import { HubError } from '../../model/errors.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Parameters } from '../codec.ts';
import { type Dialect, detectDialect, isStrict, type ScriptFunctions } from './dialects.ts';
import { loaderOf, moduleLoader, prelude } from './prelude.ts';

export interface SandboxLimits {
  /** Of one call, loading the script included; it is stopped within twice that. */
  readonly timeMs: number;
  readonly memoryBytes: number;
  /** Of the answer as JSON. */
  readonly outputBytes: number;
  readonly scriptBytes: number;
}

export const defaultLimits: SandboxLimits = {
  timeMs: 25,
  memoryBytes: 8 * 1024 * 1024,
  outputBytes: 64 * 1024,
  scriptBytes: 512 * 1024,
};

export interface ScriptCall {
  readonly direction: 'decode' | 'encode';
  readonly fPort: number;
  /** Of decode. */
  readonly bytes?: Uint8Array;
  /** Of encode. */
  readonly data?: unknown;
  /** What the script's clock shows. */
  readonly recvTime: EpochMs;
  readonly variables: Parameters;
}

/** What a script answers, as it answered it: members of an unexpected type are possible. */
export type ScriptAnswer = Readonly<Record<string, unknown>>;

const require = createRequire(import.meta.url);

let compiled: WebAssembly.Module | undefined;

/** QuickJS, compiled once for all sandboxes. */
const engine = (): WebAssembly.Module => {
  compiled ??= new WebAssembly.Module(readFileSync(require.resolve('quickjs-wasi/quickjs.wasm')));
  return compiled;
};

/** Nothing that looks at the machine. */
const MODULE_INTRINSICS = Intrinsics.ALL & ~Intrinsics.WEAK_REF & ~Intrinsics.PERFORMANCE;
/** Nor promises, whose jobs would outlive a call; the engine needs them to load modules, and nobody runs their jobs. */
const INTRINSICS = MODULE_INTRINSICS & ~Intrinsics.PROMISE;
/** A script that may have `export` or `import` statements; a comment may look like one. */
const MODULE = /^\s*(?:export|import)\s/m;

/**
 * One foreign script in a virtual machine of its own (QuickJS in WebAssembly): without host, network, files or
 * randomness, with a clock that stands still at the time of reception, and with bounds on time, memory and answer.
 * `call` throws HUB_CODEC_FAILED for whatever goes wrong in it, and the next call works again.
 */
export class Sandbox {
  readonly #script: string;
  readonly #limits: SandboxLimits;
  #machine: Machine;
  #dialect: Dialect;

  private constructor(script: string, limits: SandboxLimits, machine: Machine, dialect: Dialect) {
    this.#script = script;
    this.#limits = limits;
    this.#machine = machine;
    this.#dialect = dialect;
  }

  /** Loads a script. Throws HUB_CODEC_FAILED where it does not load, or has no function of the dialect. */
  static async open(script: string, dialect: Dialect | 'auto' = 'auto', limits = defaultLimits): Promise<Sandbox> {
    const size = Buffer.byteLength(script);
    if (size > limits.scriptBytes) {
      throw new HubError('HUB_CODEC_FAILED', `The script has ${size} bytes, limit ${limits.scriptBytes}`);
    }
    const machine = await Machine.start(script, dialect !== 'auto' && isStrict(dialect), limits);
    try {
      const found = JSON.parse(machine.run({ dialect: '', fPort: 0, recvTime: 0, text: '' })) as ScriptFunctions;
      return new Sandbox(script, limits, machine, dialect === 'auto' ? detectDialect(found) : dialect);
    } catch (thrown) {
      machine.stop();
      throw thrown;
    }
  }

  get dialect(): Dialect {
    return this.#dialect;
  }

  /** Whether the machine itself has died (of a stack overflow); `reopen` replaces it. */
  get isBroken(): boolean {
    return this.#machine.isBroken;
  }

  async reopen(): Promise<void> {
    this.#machine.stop();
    this.#machine = await Machine.start(this.#script, isStrict(this.#dialect), this.#limits);
  }

  call({ direction, bytes = NO_BYTES, data, variables, ...rest }: ScriptCall): ScriptAnswer {
    const isEmpty = direction === 'decode' && Object.keys(variables).length === 0;
    const text = this.#machine.run({
      ...rest,
      dialect: this.#dialect,
      text: isEmpty ? '' : JSON.stringify({ variables, data }),
      ...(direction === 'decode' && { bytes }),
    });
    if (Buffer.byteLength(text) > this.#limits.outputBytes) {
      throw new HubError('HUB_CODEC_FAILED', `The script answers more than ${this.#limits.outputBytes} bytes`);
    }
    return JSON.parse(text) as ScriptAnswer;
  }

  close(): void {
    this.#machine.stop();
  }
}

interface Script {
  readonly text: string;
  readonly strict: boolean;
  readonly isModule: boolean;
}

interface Run {
  /** Empty: only say which functions there are. */
  readonly dialect: string;
  readonly fPort: number;
  readonly recvTime: EpochMs;
  /** Absent: encode. */
  readonly bytes?: Uint8Array;
  readonly text: string;
}

const NO_BYTES = new Uint8Array(0);

/** What the host side of a machine changes from call to call. */
interface Clock {
  now: EpochMs;
  deadline: number;
}

const CLOCK_SUCCESS = 0;

/** A started QuickJS with a script in it. */
class Machine {
  readonly #vm: QuickJS;
  readonly #clock: Clock;
  readonly #limits: SandboxLimits;
  readonly #dispatch: JSValueHandle;
  readonly #load: JSValueHandle;
  isBroken = false;

  private constructor(vm: QuickJS, clock: Clock, limits: SandboxLimits, script: Script) {
    this.#vm = vm;
    this.#clock = clock;
    this.#limits = limits;
    this.#dispatch = vm.evalCode(prelude, 'prelude.js');
    this.#load = this.#guarded(() => loadScript(vm, script), 0);
  }

  /** A script that is no classic one is tried as a module where it has the statements of one. */
  static async start(text: string, strict: boolean, limits: SandboxLimits): Promise<Machine> {
    try {
      return await Machine.#start({ text, strict, isModule: false }, limits);
    } catch (thrown) {
      if (!MODULE.test(text)) throw thrown;
      return Machine.#start({ text, strict, isModule: true }, limits);
    }
  }

  static async #start(script: Script, limits: SandboxLimits): Promise<Machine> {
    const clock: Clock = { now: 0, deadline: Number.POSITIVE_INFINITY };
    const vm = await QuickJS.create({
      wasm: engine(),
      memoryLimit: limits.memoryBytes,
      maxStackSize: MAX_STACK_SIZE / 2,
      intrinsics: script.isModule ? MODULE_INTRINSICS : INTRINSICS,
      interruptHandler: () => performance.now() > clock.deadline,
      moduleLoader: {
        load: (name: string) => {
          if (name === 'codec') return script.text;
          throw new Error(`A codec cannot import ${name}`);
        },
      },
      wasi: (memory: WebAssembly.Memory) => ({
        clock_time_get: (_id: number, _precision: bigint, resultPtr: number) => {
          new DataView(memory.buffer).setBigUint64(resultPtr, BigInt(clock.now) * 1_000_000n, true);
          return CLOCK_SUCCESS;
        },
        random_get: (pointer: number, length: number) => {
          new Uint8Array(memory.buffer, pointer, length).fill(0);
          return CLOCK_SUCCESS;
        },
      }),
    });
    try {
      return new Machine(vm, clock, limits, script);
    } catch (thrown) {
      vm.dispose();
      throw thrown;
    }
  }

  /** Runs the script with an input; answers JSON. */
  run({ dialect, fPort, recvTime, bytes, text }: Run): string {
    if (this.isBroken) throw new HubError('HUB_CODEC_FAILED', 'The sandbox is being started again');
    return this.#guarded(() => {
      const vm = this.#vm;
      using name = vm.newString(dialect);
      using port = vm.newNumber(fPort);
      using time = vm.newNumber(recvTime);
      // No handle is made of undefined: that one belongs to the machine.
      using buffer = bytes && vm.newArrayBuffer(bytes);
      using more = vm.newString(text);
      const input = [name, port, time, buffer ?? vm.undefined, more];
      using answer = vm.callFunction(this.#dispatch, vm.undefined, this.#load, ...input);
      return answer.toString();
    }, recvTime);
  }

  stop(): void {
    try {
      this.#vm.dispose();
    } catch {
      // A machine that trapped cannot tidy up; it goes with its memory.
    }
  }

  #guarded<T>(work: () => T, now: EpochMs): T {
    const { timeMs } = this.#limits;
    this.#clock.now = now;
    this.#clock.deadline = performance.now() + timeMs;
    try {
      return work();
    } catch (thrown) {
      if (thrown instanceof JSException) throw failed(thrown, timeMs);
      this.isBroken = true;
      throw new HubError('HUB_CODEC_FAILED', `The sandbox stopped: ${String(thrown)}`, { cause: thrown });
    } finally {
      this.#clock.deadline = Number.POSITIVE_INFINITY;
    }
  }
}

/** The function that answers the script's functions: a classic script as a function body, one with exports as a module. */
const loadScript = (vm: QuickJS, { text, strict, isModule }: Script): JSValueHandle => {
  if (!isModule) return vm.evalCode(loaderOf(text, strict), 'codec.js');
  vm.evalCode(moduleLoader, 'load.js', EvalFlags.TYPE_MODULE).dispose();
  using load = vm.global.getProp('__load');
  return load.dup();
};

const MAX_DETAIL = 300;

/** A fault of the script in our words; its own handle is freed. */
const failed = (thrown: JSException, timeMs: number): HubError => {
  const isStopped = thrown.name === 'InternalError' && thrown.message === 'interrupted';
  const detail = isStopped
    ? `The script was stopped after ${timeMs} ms`
    : `${thrown.name}: ${thrown.message}`.slice(0, MAX_DETAIL);
  thrown.dispose();
  return new HubError('HUB_CODEC_FAILED', detail, isStopped ? { cause: OUT_OF_TIME } : {});
};

const OUT_OF_TIME = Symbol('out of time');

/** Whether a call failed because the script had used up its time. */
export const isOutOfTime = (thrown: unknown): boolean => thrown instanceof HubError && thrown.cause === OUT_OF_TIME;
