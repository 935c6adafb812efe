import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';

/**
 * Answers POST /api/ds/query in Grafana's place, which cannot be had without its image: with the data source that
 * docker-compose.yml mounts, the password and the token that it mounts, and a real query of the real InfluxDB. It knows of
 * Grafana only what its documentation says of provisioning: ${NAME} is a variable, $__file{path} a file without its last line end.
 */
interface DataSource {
  readonly uid: string;
  readonly url: string;
  readonly jsonData: Readonly<Record<string, string>>;
  readonly secureJsonData: Readonly<Record<string, string>>;
}

const expand = (value: string): string =>
  value
    .replace(/\$__file\{([^}]+)\}/g, (_, path: string) => readFileSync(path, 'utf8').trim())
    .replace(/\$\{(\w+)\}/g, (_, name: string) => process.env[name] ?? '');

const provisioned = parse(readFileSync('/etc/grafana/provisioning/datasources/plietsch.yaml', 'utf8')) as {
  datasources: DataSource[];
};
const password = readFileSync(process.env.GF_SECURITY_ADMIN_PASSWORD__FILE ?? '', 'utf8').trim();
const wanted = `Basic ${Buffer.from(`${process.env.GF_SECURITY_ADMIN_USER}:${password}`).toString('base64')}`;

const query = async (source: DataSource, q: string): Promise<unknown> => {
  const { jsonData, secureJsonData } = source;
  const address = new URL('/query', source.url);
  address.search = new URLSearchParams({ db: expand(jsonData.dbName ?? ''), epoch: 'ms' }).toString();
  const response = await fetch(address, {
    method: jsonData.httpMode ?? 'GET',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      [jsonData.httpHeaderName1 ?? '']: expand(secureJsonData.httpHeaderValue1 ?? ''),
    },
    body: new URLSearchParams({ q }).toString(),
  });
  return response.json();
};

const answer = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
  if (request.headers.authorization !== wanted) return { status: 401, body: {} };
  const { queries } = JSON.parse(await text(request)) as {
    queries: { refId: string; datasource: { uid: string }; query: string }[];
  };
  const results: Record<string, unknown> = {};
  for (const { refId, datasource, query: q } of queries) {
    const source = provisioned.datasources.find(({ uid }) => uid === datasource.uid);
    if (!source) return { status: 404, body: { message: 'data source not found' } };
    const { results: found } = (await query(source, q)) as { results?: { series?: { values: unknown[][] }[] }[] };
    const rows = found?.[0]?.series?.[0]?.values ?? [];
    results[refId] = { frames: [{ data: { values: [rows.map(([time]) => time), rows.map(([, value]) => value)] } }] };
  }
  return { status: 200, body: { results } };
};

createServer((request, response) => {
  void answer(request).then(({ status, body }) => response.writeHead(status).end(JSON.stringify(body)));
}).listen(3000);
