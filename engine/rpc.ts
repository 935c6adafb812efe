import type { MessagePort } from 'node:worker_threads';
import { asHubError, type ErrorCode, type Fault, HubError } from '../model/errors.ts';

/** Calls between the threads of one hub: a method's name and its arguments there, its value or its coded error back. */
export interface CallMessage {
  readonly type: 'call';
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface ResultMessage {
  readonly type: 'result';
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly faults: readonly Fault[] };
}

export type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Errors lose their class when they cross threads; code, text and faults are what matters. */
export const packError = (thrown: unknown): NonNullable<ResultMessage['error']> => {
  const { code, message, faults } = asHubError(thrown);
  return { code, message, faults };
};

export const unpackError = (error: NonNullable<ResultMessage['error']>): HubError =>
  new HubError(error.code, error.message, { faults: error.faults });

/** Answers one call. */
export const answer = async (call: CallMessage, methods: Methods): Promise<ResultMessage> => {
  const { id } = call;
  try {
    const method = methods[call.method] as ((...args: readonly unknown[]) => unknown) | undefined;
    if (!method) throw new HubError('HUB_INTERNAL', `There is no method ${call.method}`);
    return { type: 'result', id, value: await method(...call.args) };
  } catch (thrown) {
    return { type: 'result', id, error: packError(thrown) };
  }
};

interface Port {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
}

/** The caller's side: sends calls over a port and settles them with the results that the owner hands in. */
export class RpcClient {
  readonly #port: Port;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #nextId = 1;

  constructor(port: Port | MessagePort) {
    this.#port = port as Port;
  }

  call<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    const id = this.#nextId++;
    const message: CallMessage = { type: 'call', id, method, args };
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#port.postMessage(message);
    });
  }

  settle({ id, value, error }: ResultMessage): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(unpackError(error));
    else waiting?.resolve(value);
  }

  /** The other side is gone: nothing that waits will be answered. */
  abandon(reason: Error): void {
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
