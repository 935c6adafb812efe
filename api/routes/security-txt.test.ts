import { describe, expect, it } from 'vitest';
import { DAY } from '../../model/time.ts';
import { createTestApi, NOW } from '../testing.ts';

const textFor = async (config: object) => {
  const api = await createTestApi({ config });
  const answer = await api.app.inject('/.well-known/security.txt');
  await api.app.close();
  return answer;
};

describe('security.txt', () => {
  it('names whom to tell, until when it holds, and where it lies', async () => {
    const answer = await textFor({
      security: { contacts: ['mailto:sicherheit@example.org'], policy: 'https://example.org/policy' },
      publicUrl: 'https://daten.example.org/',
    });
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.body.split('\n')).toEqual([
      'Contact: mailto:sicherheit@example.org',
      expect.stringMatching(/^Expires: \d{4}-\d\d-\d\dT00:00:00Z$/),
      'Preferred-Languages: de, en',
      'Canonical: https://daten.example.org/.well-known/security.txt',
      'Policy: https://example.org/policy',
      '',
    ]);
    const expires = Date.parse(/Expires: (.*)/.exec(answer.body)?.[1] ?? '');
    expect(expires - NOW).toBeGreaterThan(80 * DAY);
    expect(expires - NOW).toBeLessThan(365 * DAY);
  });

  it('falls back to the contact of the hub, and is not there without any', async () => {
    expect((await textFor({ contact: { email: 'daten@example.org' } })).body).toContain(
      'Contact: mailto:daten@example.org',
    );
    const none = await textFor({});
    expect([none.statusCode, none.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
  });
});
