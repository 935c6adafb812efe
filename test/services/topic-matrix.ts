import { readFileSync } from 'node:fs';
import { setTimeout as rest } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';

/**
 * Run inside of the stack's network by mosquitto.service.test.ts: publishes as each user to each topic, and prints as JSON
 * which user got what of it. Arguments: folder of passwords, users, topics.
 */
const [folder = '', users = '', topics = ''] = process.argv.slice(2);
const got: Record<string, Record<string, string[]>> = {};
const clients = new Map<string, MqttClient>();

const connect = async (username: string): Promise<void> => {
  const password = readFileSync(`${folder}/${username}`, 'utf8');
  const client = await connectAsync('mqtt://mosquitto:1883', { username, password, reconnectPeriod: 0 });
  client.on('message', (topic, payload) => {
    const row = got[String(payload)] ?? {};
    got[String(payload)] = row;
    row[topic] = [...(row[topic] ?? []), username].sort();
  });
  await client.subscribeAsync('#', { qos: 1 });
  clients.set(username, client);
};

const everybody = users.split(' ');
for (const username of everybody) {
  for (const topic of topics.split(' ')) {
    // Debian's 2.0.11 drops the connection of who publishes what is not allowed; others only drop the message.
    for (const other of everybody) if (!clients.get(other)?.connected) await connect(other);
    clients.get(username)?.publish(topic, username, { qos: 1 });
    await rest(40);
  }
}
await rest(300);
for (const client of clients.values()) client.end(true);
console.log(JSON.stringify(got));
