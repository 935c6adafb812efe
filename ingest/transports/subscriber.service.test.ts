import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { type Mosquitto, mosquittoMissing, mosquittoProgram, startMosquitto } from '../../test/services/mosquitto.ts';
import { Subscriber } from './subscriber.ts';
import { silent, TestCounters, TestIntake } from './testing.ts';
import { subscriberConfigSchema } from './transport-config.ts';

const UP = 'application/1/device/24e124710b000001/event/up';

const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 4000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
};

describe.skipIf(!mosquittoProgram)(`subscriber at a real Mosquitto${mosquittoMissing}`, () => {
  let mosquitto: Mosquitto;
  let intake: TestIntake;
  let subscriber: Subscriber;
  let publisher: MqttClient;

  const createSubscriber = () =>
    new Subscriber({
      config: subscriberConfigSchema.parse({
        network: 'kreis',
        url: mosquitto.url,
        clientId: 'hub',
        username: 'hub',
        password: 'hub-secret',
        reconnectMinMs: 50,
        reconnectMaxMs: 200,
      }),
      topics: ['application/+/device/+/event/+'],
      intake,
      counters: new TestCounters(),
      logger: silent,
      clock: Date.now,
      random: Math.random,
    });

  beforeEach(async () => {
    mosquitto = await startMosquitto([
      { name: 'hub', password: 'hub-secret', acl: ['topic read application/#'] },
      { name: 'lns', password: 'lns-secret', acl: ['topic write application/#'] },
    ]);
    intake = new TestIntake();
    subscriber = createSubscriber();
    await subscriber.start();
    await until(() => subscriber.state.ready);
    publisher = await connectAsync(mosquitto.url, { username: 'lns', password: 'lns-secret', reconnectPeriod: 100 });
    publisher.on('error', () => undefined);
  });
  afterEach(async () => {
    await publisher.endAsync(true);
    await subscriber.stop();
    await mosquitto.stop();
  });

  const publishMany = (from: number, count: number) =>
    Promise.all(Array.from({ length: count }, (_, i) => publisher.publishAsync(UP, String(from + i), { qos: 1 })));
  const distinct = () => new Set(intake.bodies).size;

  it('gets what was published while it was away, once', async () => {
    await publishMany(0, 1000);
    await until(() => intake.messages.length === 1000);
    await subscriber.stop();
    await publishMany(1000, 3000);
    subscriber = createSubscriber();
    await subscriber.start();
    await until(() => intake.messages.length === 4000);
    expect(distinct()).toBe(4000);
  });

  it('gets again what the journal did not take', async () => {
    intake.holds = true;
    await publishMany(0, 500);
    await until(() => intake.messages.length > 0);
    intake.failure = new HubError('HUB_DISK_FULL');
    intake.commit();
    await until(() => !subscriber.state.ready);
    expect(intake.committed).toEqual([]);
    intake.holds = false;
    intake.failure = undefined;
    await until(() => new Set(intake.committed).size === 500);
  });

  it('survives thirty restarts of the broker and is subscribed after each', async () => {
    for (let i = 0; i < 30; i++) {
      await mosquitto.kill();
      await mosquitto.start();
    }
    await until(() => subscriber.state.ready);
    await publishMany(0, 10);
    await until(() => distinct() === 10);
  });
});
