import { awsSigner } from '../../cli/api/aws-signature.ts';
import type { Fetch } from '../../shared/testing/acceptance/batch-api.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Calls an API behind API Gateway's IAM authorization as the command does: each request is signed as these credentials' owner. */
export function signedFetch(credentials: Credentials, region: string): Fetch {
  const authorize = awsSigner(region, Date.now, async () => credentials);
  return async (address, { method = 'GET', body, headers = {} }) => {
    const signed = await authorize({ method, url: address, body });
    const init = { method, headers: { ...headers, ...signed.headers } };
    return fetch(signed.url, { ...init, ...(body === undefined ? {} : { body }) });
  };
}
