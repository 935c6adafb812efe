import { hash, timingSafeEqual } from 'node:crypto';
import type { NetworkConfig } from '../networks/network-config.ts';

const digest = (secret: string | Buffer): Buffer => hash('sha256', secret, 'buffer');

const nothing = digest('');

/** Whether both are the same, in a time that tells nothing about where they differ. */
const isSame = (given: string | Buffer, expected: Buffer | undefined): boolean =>
  timingSafeEqual(digest(given), expected ?? nothing) && expected !== undefined;

export interface Credentials {
  /** The network of this log-in at the embedded broker. */
  readonly verifyMqtt: (user: string, password: Buffer) => string | undefined;
  /** Whether there is such a network with a webhook. */
  readonly knowsWebhook: (network: string) => boolean;
  readonly verifyWebhook: (network: string, token: string) => boolean;
}

/** Log-ins of the configured networks; only their SHA-256 stays in memory here. */
export const createCredentials = (networks: readonly NetworkConfig[]): Credentials => {
  const users = new Map(
    networks.flatMap(({ id, mqtt }) => (mqtt ? [[mqtt.user, { id, password: digest(mqtt.password) }] as const] : [])),
  );
  const tokens = new Map(
    networks.flatMap(({ id, webhookToken }) =>
      webhookToken === undefined ? [] : [[id, digest(webhookToken)] as const],
    ),
  );
  return {
    verifyMqtt: (user, password) => {
      const known = users.get(user);
      return isSame(password, known?.password) ? known?.id : undefined;
    },
    knowsWebhook: (network) => tokens.has(network),
    verifyWebhook: (network, token) => isSame(token, tokens.get(network)),
  };
};
