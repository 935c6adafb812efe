/** An InfluxDB to prove the panels on. */
export interface Influx {
  readonly url: string;
  readonly token: string;
}

/** InfluxQL's name of the hub's buckets. */
export const DATABASE = 'plietsch';

export interface Series {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | boolean | null)[])[];
}

export interface Answer {
  readonly series: readonly Series[];
  readonly ms: number;
}

/** Asks as Grafana's data source does with httpMode POST. Throws with InfluxDB's words where it refuses. */
export const ask = async ({ url, token }: Influx, query: string): Promise<Answer> => {
  const begin = performance.now();
  const response = await fetch(new URL(`/query?db=${DATABASE}&epoch=ms`, url), {
    method: 'POST',
    headers: { authorization: `Token ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ q: query }),
  });
  const body = (await response.json()) as {
    message?: string;
    error?: string;
    results?: { error?: string; series?: Series[] }[];
  };
  const ms = performance.now() - begin;
  const [result] = body.results ?? [];
  const error = body.message ?? body.error ?? result?.error ?? (response.ok ? undefined : `${response.status}`);
  if (error !== undefined) throw new Error(`${error}: ${query}`);
  return { series: result?.series ?? [], ms };
};
