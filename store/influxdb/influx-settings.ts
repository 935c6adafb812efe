/** Where the InfluxDB 2.x server is and what the hub may do there. */
export interface InfluxSettings {
  readonly url: string;
  readonly org: string;
  /** Bucket of the observations; `<bucket>_derived` and `<bucket>_hub` stand beside it. */
  readonly bucket: string;
  readonly token: string;
  /** File that the token comes from: it is read again when the server refuses it. */
  readonly tokenFile?: string | undefined;
  /** PEM file of the authority that signed the server's certificate, where the system does not know it. */
  readonly caFile?: string | undefined;
  /** Milliseconds until a request counts as failed, from when it is sent. */
  readonly timeoutMs: number;
  /** Compress what is written. */
  readonly gzip: boolean;
}
