import type { HubError } from '../../model/errors.ts';
import { badRequest } from '../problem.ts';

export const badOption = (path: string, message: string, hint: string): HubError => badRequest({ path, message, hint });
