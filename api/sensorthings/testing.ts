import { createTestApi, type TestOptions } from '../testing.ts';
import { datastream, location, observedProperty, sensor } from './sample-entities.ts';

/** Two Things with two Datastreams each, and Observations of every hour. */
export const stations = [1, 2].map((i) => ({
  name: `Station ${i}`,
  description: 'A station',
  properties: { rank: i },
  Locations: [location(`Place ${i}`, 10 + i)],
  Datastreams: ['air', 'water'].map((what) =>
    datastream(`${what} ${i}`, {
      Sensor: sensor,
      ObservedProperty: observedProperty(what),
      Observations: [0, 1, 2, 3, 4].map((hour) => ({
        phenomenonTime: `2026-03-01T0${hour}:00:00Z`,
        result: hour + 10 * i + (what === 'air' ? 0 : 0.5),
      })),
    }),
  ),
}));

/** An entity or a page of them, as they are answered. */
export interface Answered {
  readonly '@iot.id': number;
  readonly '@iot.selfLink': string;
  readonly '@iot.count'?: number;
  readonly '@iot.nextLink'?: string;
  readonly value: readonly Answered[];
  readonly [member: string]: unknown;
}

interface Asking {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
}

/** A hub's SensorThings API over real stores in memory. `ask` and `text` go below the service's root, or to a whole address. */
export const createSta = async (options: TestOptions = {}) => {
  const api = await createTestApi(options);
  const admin = await api.token('admin');
  const send = async (path: string, { method = 'GET', body, headers = admin, status = 200 }: Asking = {}) => {
    const url = path.startsWith('http') ? path.replace(/^https?:\/\/[^/]+/, '') : `/sta/v1.1${path}`;
    const answer = await api.app.inject({
      method,
      url,
      headers: { ...headers },
      ...(body !== undefined && { payload: body as object }),
    });
    if (answer.statusCode !== status) throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body}`);
    return answer;
  };
  const ask = async (path: string, asking: Asking = {}): Promise<Answered> => {
    const { body } = await send(path, asking);
    return (body === '' ? {} : JSON.parse(body)) as Answered;
  };
  const post = (path: string, body: unknown, status = 201) => ask(path, { method: 'POST', body, status });
  /** All pages of a set, one after the other. */
  const all = async (path: string, asking: Asking = {}): Promise<Answered[]> => {
    const found: Answered[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const page: Answered = await ask(next, asking);
      found.push(...page.value);
      next = page['@iot.nextLink'];
    }
    return found;
  };
  return { ...api, admin, send, ask, post, all };
};
export type Sta = Awaited<ReturnType<typeof createSta>>;

/** With the two stations in it. */
export const createStations = async (): Promise<Sta> => {
  const sta = await createSta();
  for (const station of stations) await sta.post('/Things', station);
  return sta;
};
