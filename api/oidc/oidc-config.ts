import { z } from 'zod';
import { roles } from '../../model/ports.ts';

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** A token is worth what the way to its keys is worth. */
export const isSafe = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)));
};

const address = z
  .url({ protocol: /^https?$/ })
  .refine(isSafe, 'write an https address; http is for this machine only')
  .refine((text) => !/[?#]/.test(text), 'leave out what begins with ? or #');

/** Asymmetric ones only: what verifies must not be able to sign. */
export const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

/** Claims hold names with dots too (https://example.org/roles): then the path is a list. */
const claimPath = z.union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).min(1).max(10)]);

export const oidcConfigSchema = z.strictObject({
  issuer: address.describe('Issuer whose bearer tokens are taken, exactly as it names itself in `iss`'),
  audience: z.string().min(1).max(200).describe('Name of this hub at the issuer, which tokens must carry in `aud`'),
  jwksUri: address.optional().describe('Where its keys are; default: as its discovery document says'),
  algorithms: z
    .array(z.enum(algorithms))
    .min(1)
    .default([...algorithms])
    .describe('Signatures that are taken'),
  clockToleranceS: z.number().min(0).max(300).default(5).describe('Seconds by which its clock may differ'),
  roleClaim: claimPath.default('roles').describe('Claim with the roles, e.g. realm_access.roles'),
  roles: z
    .record(z.string().min(1).max(200), z.enum(['public', ...roles]))
    .default(Object.fromEntries(['public', ...roles].map((role) => [`plietsch-${role}`, role])) as never)
    .describe(
      'Its names of roles, and what they are here; the highest counts, without one a token is a key for open data',
    ),
  municipalityClaim: claimPath
    .optional()
    .describe(
      'Claim with the municipality; a token without it then has no role. Default: all are for the whole region',
    ),
  municipalities: z
    .record(z.string().min(1).max(200), z.string().min(1).max(80))
    .default({})
    .describe('Its names of municipalities, and their ids here; what is not listed is taken as it is'),
  wholeRegion: z
    .string()
    .min(1)
    .max(200)
    .default('*')
    .describe('Value of that claim which stands for the whole region'),
});

export type OidcConfig = z.infer<typeof oidcConfigSchema>;
