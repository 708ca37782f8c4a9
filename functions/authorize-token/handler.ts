import { JwtVerifier } from 'aws-jwt-verify';
import * as z from 'zod';
import { environmentOf } from '../lambda/environment.ts';
import { logger, serviceHandler } from '../lambda/service-handler.ts';
import { authorizeToken } from './authorize-token.ts';
import { readClaimRules } from './claim-rules.ts';

const env = environmentOf('authorize-token');
/** Fetches the issuer's keys once, and again for a token with a key that it has not seen. */
const verifier = JwtVerifier.create({
  issuer: env.JWT_ISSUER,
  audience: env.JWT_AUDIENCE.split(','),
  jwksUri: env.JWT_KEYS_URL,
});
const ports = {
  verify: (token: string) => verifier.verify(token),
  rules: { full: readClaimRules(env.JWT_FULL_ACCESS), read: readClaimRules(env.JWT_READ_ONLY) },
  logRefusal: (reason: string) => logger.info('a token was refused', { reason }),
};

const request = z.object({ authorizationToken: z.string(), methodArn: z.string() });

/** Called by API Gateway for a token that it has not seen within a minute. */
export const handler = serviceHandler(request, (event) => authorizeToken(ports, event));
