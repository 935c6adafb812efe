import { HubError } from '../../model/errors.ts';

/** A 400 that names the parameter, what is wrong with it, and what to write instead. */
export const badOption = (path: string, message: string, hint: string): HubError =>
  new HubError('HUB_REQUEST_INVALID', `${path}: ${message} (${hint})`, { faults: [{ path, message, hint }] });
