import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the baseline is told to do. */
export interface BareLiveJob {
  readonly eventsPerS: number;
  /** An event as the hub writes it, with its time. */
  readonly sample: string;
}

export interface FromBareLive {
  readonly port: number;
}

/** Entry of the baseline process: node's HTTP server alone, which writes each event to each client as it comes. */
const [{ eventsPerS, sample }] = (await once(process, 'message')) as [BareLiveJob];
const clients = new Set<ServerResponse>();
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  response.write(': hello\n\n');
  clients.add(response);
  response.on('close', () => clients.delete(response));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const started = Date.now();
let sent = 0;
setInterval(() => {
  for (const due = ((Date.now() - started) / 1000) * eventsPerS; sent < due; sent++) {
    const text = sample.replace(/"phenomenonTime":"[^"]+"/, `"phenomenonTime":"${new Date().toISOString()}"`);
    for (const client of clients) client.write(text);
  }
}, 5);
process.send?.({ port: (server.address() as AddressInfo).port } satisfies FromBareLive);
