/**
 * The one catalogue of coded errors. A code is part of the interface: it appears in problem+json answers, dead letters,
 * logs and exit messages, and never changes its meaning.
 */

interface ErrorSpec {
  /** HTTP status an API answer with this code carries. */
  readonly status: number;
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean;
  /** One short sentence for people. */
  readonly title: string;
}

const spec = (status: number, title: string, retryable = false): ErrorSpec => ({ status, retryable, title });

export const errorCatalogue = {
  // configuration and command line
  HUB_CONFIG_INVALID: spec(500, 'The configuration is invalid'),
  HUB_DATA_LOCKED: spec(423, 'Another process owns the data folder', true),
  HUB_DEMO_REFUSED: spec(409, 'The demo region is refused on a data folder with real devices'),
  HUB_SQLITE_TOO_OLD: spec(500, 'This SQLite version can corrupt a database; 3.51.3 or newer is required'),

  // requests
  HUB_REQUEST_INVALID: spec(400, 'The request is invalid'),
  HUB_REQUEST_TOO_LARGE: spec(413, 'The request body is too large'),
  HUB_REQUEST_HEADERS: spec(431, 'The address and the headers of the request are too long'),
  HUB_REQUEST_TIMEOUT: spec(408, 'The request did not arrive in time', true),
  HUB_REQUEST_RATE_LIMITED: spec(429, 'Too many requests', true),
  HUB_REQUEST_MEDIA_TYPE: spec(415, 'The media type is not supported'),
  HUB_ROUTE_NOT_FOUND: spec(404, 'No such resource path'),
  HUB_METHOD_NOT_ALLOWED: spec(405, 'The method is not allowed here'),
  HUB_AUTH_REQUIRED: spec(401, 'A valid bearer token is required'),
  HUB_AUTH_FORBIDDEN: spec(403, 'The token does not permit this'),
  HUB_NOT_FOUND: spec(404, 'Not found'),
  HUB_CONFLICT: spec(409, 'The request conflicts with the present state'),
  HUB_CURSOR_INVALID: spec(400, 'The page cursor is invalid'),
  HUB_INTERNAL: spec(500, 'An internal error occurred', true),
  HUB_UNAVAILABLE: spec(503, 'The hub cannot do this right now', true),
  HUB_OVERLOADED: spec(503, 'Too many uplinks wait for the journal', true),
  HUB_TLS_REFUSED: spec(503, 'No secure connection: the handshake or a certificate was refused', true),
  HUB_STORE_UNAVAILABLE: spec(503, 'The observation store does not answer', true),
  HUB_STORE_REFUSED: spec(503, 'The observation store does not let the hub in'),
  HUB_STORE_REJECTED: spec(422, 'The observation store does not take this value'),
  HUB_DISK_FULL: spec(503, 'The disk is full; nothing is accepted until space returns', true),

  // registry
  HUB_REGISTRY_INVALID: spec(422, 'The registry entry is invalid'),
  HUB_REGISTRY_REFERENCE: spec(422, 'The registry entry refers to something that does not exist'),
  HUB_REGISTRY_OVERLAP: spec(409, 'Deployments overlap on the same thing, property and channel'),
  HUB_REGION_INVALID: spec(422, 'The region file is invalid'),
  HUB_CSV_INVALID: spec(422, 'The CSV file is invalid'),

  // envelopes and payloads: the reasons of dead letters
  HUB_ENVELOPE_NOT_JSON: spec(422, 'The message body is not JSON'),
  HUB_ENVELOPE_INVALID: spec(422, 'The message does not have the shape of this network server'),
  HUB_ENVELOPE_NO_DEVICE: spec(422, 'The message names no valid DevEUI'),
  HUB_ENVELOPE_TIME: spec(422, 'The message carries no plausible time'),
  HUB_ENVELOPE_TOO_LARGE: spec(413, 'The message is larger than the limit'),
  HUB_ENVELOPE_TOPIC: spec(422, 'The topic is not one of this network server'),
  HUB_ENVELOPE_ENCRYPTED: spec(422, 'The payload is still encrypted end to end'),
  HUB_JOURNAL_CORRUPT: spec(500, 'A journal entry does not match its checksum'),
  HUB_CODEC_UNKNOWN_PROFILE: spec(422, 'No device profile of this name'),
  HUB_CODEC_UNKNOWN_PORT: spec(422, 'The device profile does not know this fPort'),
  HUB_CODEC_PAYLOAD: spec(422, 'The payload does not follow the device format'),
  HUB_CODEC_NO_DOWNLINK: spec(422, 'Devices of this model are sent nothing'),
  HUB_DOWNLINK_NO_WAY: spec(409, 'There is no way to send a downlink to this device'),
  HUB_CODEC_FAILED: spec(422, 'The codec failed'),
  HUB_CODEC_VECTORS: spec(422, 'The codec does not give what its vectors expect'),
  HUB_DEVICE_FLOODING: spec(429, 'The device sends more often than its limit'),
  HUB_NETWORK_UNKNOWN: spec(404, 'No network of this name is configured'),
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof errorCatalogue;

/** A fault of one field of the input: `path` as in `deployments[3].from`, `hint` says what to write instead. */
export interface Fault {
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
  /** 1-based line in a file, where the input was one. */
  readonly line?: number;
}

interface HubErrorOptions {
  readonly cause?: unknown;
  readonly faults?: readonly Fault[];
  readonly retryAfterMs?: number | undefined;
}

export class HubError extends Error {
  readonly code: ErrorCode;
  readonly faults: readonly Fault[];
  /** What the other side asked for before the next try. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, detail?: string, options: HubErrorOptions = {}) {
    super(detail ?? errorCatalogue[code].title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HubError';
    this.code = code;
    this.faults = options.faults ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable;
  }
}

/** Whether a failure is trouble of a store, which passes or is mended, and no fault of what was to be stored. */
export const isStoreTrouble = (thrown: unknown): boolean =>
  thrown instanceof HubError && (thrown.retryable || thrown.code === 'HUB_STORE_REFUSED');

/** Any thrown thing as a HubError, so that borders deal with one shape. */
export const asHubError = (thrown: unknown, fallback: ErrorCode = 'HUB_INTERNAL'): HubError =>
  thrown instanceof HubError
    ? thrown
    : new HubError(fallback, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
