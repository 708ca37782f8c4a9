import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Fetch } from '../../shared/testing/acceptance/batch-api.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Calls an API behind API Gateway's IAM authorization: signs each request as these credentials' owner. */
export function signedFetch(credentials: Credentials, region: string): Fetch {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  return async (address, { method = 'GET', body, headers = {} }) => {
    const url = new URL(address);
    const signed = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      body,
    });
    return fetch(url, { method, headers: signed.headers, ...(body === undefined ? {} : { body }) });
  };
}
