import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import { qualityFlag } from '../../model/quality.ts';
import type { ObservationChange } from '../../model/sensor-things.ts';
import type { NetworkAdapter } from './adapter.ts';

/** Network under which writings by way of SensorThings stand in the journal and its books; no configured one may be called so. */
export const SENSOR_THINGS = 'sensorthings';

const place = { datastream: z.number().int().positive(), phenomenonTime: z.number().int() };

const writingSchema = z.strictObject({
  id: z.string().min(1).max(100),
  by: z.string().max(100),
  changes: z.array(
    z.union([
      z.strictObject({
        put: z.strictObject({
          ...place,
          value: z.number().nullable(),
          flag: z.literal(Object.values(qualityFlag)),
          detail: z.record(z.string(), z.json()).optional(),
        }),
      }),
      z.strictObject({ remove: z.strictObject(place) }),
    ]),
  ),
});

/** The body of an entry that the hub itself wrote into the journal. */
export const writingOf = (id: string, by: string, changes: readonly ObservationChange[]): Uint8Array =>
  Buffer.from(JSON.stringify({ id, by, changes }));

/** Reads what writingOf wrote. */
export const sensorThings: NetworkAdapter = {
  kind: SENSOR_THINGS,
  eventTopics: [],
  downlinkTopics: [],
  parse: (_topic, body, arrivedAt) => {
    let text: unknown;
    try {
      text = JSON.parse(Buffer.from(body).toString());
    } catch (cause) {
      throw new HubError('HUB_ENVELOPE_INVALID', 'no JSON', { cause });
    }
    const parsed = writingSchema.safeParse(text);
    if (!parsed.success) throw new HubError('HUB_ENVELOPE_INVALID', z.prettifyError(parsed.error));
    const { id, by, changes } = parsed.data;
    return { kind: 'writing', id, by, changes: changes as readonly ObservationChange[], receivedAt: arrivedAt ?? 0 };
  },
};
