import { pbkdf2Sync } from 'node:crypto';

const ITERATIONS = 1000;
const KEY_BYTES = 64;

/**
 * A line of Mosquitto's password file: `user:$7$iterations$salt$hash`, PBKDF2 with SHA-512, as `mosquitto_passwd` of 2.0
 * writes and every 2.x reads it. Few iterations suffice: the passwords are 192 random bits, which nobody guesses.
 */
export const passwordLine = (user: string, password: string, salt: Buffer): string => {
  const hash = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha512');
  return `${user}:$7$${ITERATIONS}$${salt.toString('base64')}$${hash.toString('base64')}\n`;
};
