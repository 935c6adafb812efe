import { type Role, roles } from '../../model/ports.ts';
import type { EpochMs } from '../../model/time.ts';

/** Who asks. */
export interface Principal {
  /** Absent: the public. */
  readonly role?: Role;
  /** Restricts what is seen to one municipality and the public's share. */
  readonly municipality?: string;
  /** Id of the token; `local` for the local command line. */
  readonly token?: string;
  readonly expiresAt?: EpochMs;
}

export const everybody: Principal = {};
export const LOCAL = 'local';

export const hasRole = ({ role }: Principal, needed: Role): boolean =>
  role !== undefined && roles.indexOf(role) >= roles.indexOf(needed);

/** Operators of the whole region see what belongs to no municipality: uplinks of unknown devices, books, dead letters. */
export const isRegionOperator = (principal: Principal): boolean =>
  hasRole(principal, 'operator') && principal.municipality === undefined;
