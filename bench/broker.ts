import { type Mosquitto, startMosquitto } from '../test/services/mosquitto.ts';
import type { NETWORK } from '../test/support/hub-process.ts';
import type { Login } from './publisher-process.ts';

const CONNECTIONS = 4;
const PASSWORD = 'only-for-this-bench';

export const reader = { user: 'reader', password: PASSWORD } as const;

/** Mosquitto binds the client id to the user: four connections are four users. */
export const mosquittoLogins: readonly Login[] = Array.from({ length: CONNECTIONS }, (_, i) => ({
  clientId: `server-${i}`,
  user: `server-${i}`,
  password: PASSWORD,
}));

/** At the embedded broker one network may connect as often as it likes. */
export const embeddedLogins = ({ user, password }: typeof NETWORK): readonly Login[] =>
  Array.from({ length: CONNECTIONS }, (_, i) => ({ clientId: `server-${i}`, user, password }));

/** A fresh Mosquitto for each run: a session that stayed behind would be queued for. */
export const startBroker = (): Promise<Mosquitto> =>
  startMosquitto([
    { name: reader.user, password: reader.password, acl: ['topic read application/#'] },
    ...mosquittoLogins.map(({ user, password }) => ({ name: user, password, acl: ['topic write application/#'] })),
  ]);
