import { describe, expect, it } from 'vitest';
import { createCredentials } from './credentials.ts';

const credentials = createCredentials([
  {
    id: 'kreis',
    kind: 'chirpstack-v4',
    mqtt: { user: 'cs', password: 'a long password' },
    webhookToken: 'a-long-token',
  },
  { id: 'stadt', kind: 'the-things-stack-v3' },
]);

describe('credentials', () => {
  it('knows log-ins of the broker', () => {
    expect(credentials.verifyMqtt('cs', Buffer.from('a long password'))).toBe('kreis');
    expect(credentials.verifyMqtt('cs', Buffer.from('a long passworD'))).toBeUndefined();
    expect(credentials.verifyMqtt('kreis', Buffer.from('a long password'))).toBeUndefined();
    expect(credentials.verifyMqtt('', Buffer.from(''))).toBeUndefined();
  });

  it('knows tokens of webhooks; a network without one has no webhook', () => {
    expect(credentials.verifyWebhook('kreis', 'a-long-token')).toBe(true);
    expect(credentials.verifyWebhook('kreis', 'another token')).toBe(false);
    expect(credentials.verifyWebhook('stadt', '')).toBe(false);
    expect(credentials.knowsWebhook('stadt')).toBe(false);
  });
});
