import { describe, expect, it } from 'vitest';
import { fillRegion } from '../testing.ts';
import { datastream, location, observedProperty, sensor } from './sample-entities.ts';
import { type Answered, createSta } from './testing.ts';

describe('who may write', () => {
  it.each(['reader', 'planner', 'operator'] as const)('no %s', async (role) => {
    const sta = await createSta();
    await sta.send('/Things', { method: 'POST', body: {}, headers: await sta.token(role), status: 403 });
    await sta.send('/Things(1)', { method: 'DELETE', headers: await sta.token(role), status: 403 });
  });

  it('nobody without a token, and no admin of one municipality', async () => {
    const api = await createSta();
    await fillRegion(api);
    await api.send('/Things', { method: 'POST', body: {}, headers: {}, status: 401 });
    await api.send('/Things', { method: 'POST', body: {}, headers: await api.token('admin', 'laboe'), status: 403 });
  });

  it('what the region file describes is changed there', async () => {
    const api = await createSta();
    await fillRegion(api);
    const [thing] = (await api.ask("/Things?$filter=properties/slug%20eq%20'gauge-1'")).value;
    const [stream] = (await api.ask("/Datastreams?$filter=properties/slug%20eq%20'gauge-1.water_level'")).value;
    const number = (entity: Answered | undefined) => entity?.['@iot.id'];
    const refused = await api.ask(`/Things(${number(thing)})`, { method: 'PATCH', body: { name: 'x' }, status: 409 });
    expect(refused).toMatchObject({ detail: expect.stringContaining('region') });
    await api.send(`/Things(${number(thing)})`, { method: 'DELETE', status: 409 });
    await api.send(`/Datastreams(${number(stream)})/Observations`, {
      method: 'POST',
      body: { result: 1 },
      status: 409,
    });
    await api.post(`/Things(${number(thing)})/Locations`, location('x', 1), 409);
    const made = await api.post(
      `/Things(${number(thing)})/Datastreams`,
      datastream('Salz', {
        Sensor: sensor,
        ObservedProperty: observedProperty('salinity'),
        Observations: [{ result: 12 }],
      }),
    );
    expect(await api.ask(`/Datastreams(${made['@iot.id']})/Thing`)).toMatchObject({ '@iot.id': number(thing) });
    expect(
      (await api.ask(`/Datastreams(${made['@iot.id']})/Observations?$expand=FeatureOfInterest`)).value,
    ).toMatchObject([{ result: 12, FeatureOfInterest: { name: 'Hafen' } }]);
  });

  it('everybody on a scratch hub, as admin', async () => {
    const open = await createSta({ config: { sensorThings: { write: 'anyone' } } });
    await open.ask('/Things', { method: 'POST', body: { name: 'x', description: 'x' }, headers: {}, status: 201 });
    expect((await open.ask('/Things', { headers: {} })).value).toHaveLength(1);
    await open.send('/Things(1)', {
      method: 'DELETE',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  });
});
