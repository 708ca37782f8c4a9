import { Sha256 } from '@aws-crypto/sha256-js';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { UsageError } from '../usage-error.ts';
import type { Authorize } from './authorization.ts';

type CredentialProvider = ReturnType<typeof defaultProvider>;

/**
 * Signs requests to API Gateway (Signature Version 4) with these credentials, or those that the environment, a profile,
 * SSO, a container or an instance gives, in the order of all of AWS's tools.
 */
export function awsSigner(
  region: string,
  now: () => number,
  credentials: CredentialProvider = explained(defaultProvider()),
): Authorize {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  return async ({ method, url, body }) => {
    const { protocol, hostname, host, port, pathname, searchParams, origin, search } = new URL(url);
    // A colon is signed in its encoded form by some and plain by others; one that is sent encoded is the same to all.
    const path = pathname.replaceAll(':', '%3A');
    const { headers } = await signer.sign(
      {
        method,
        protocol,
        hostname,
        ...(port === '' ? {} : { port: Number(port) }),
        path,
        query: queryOf(searchParams),
        headers: { host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body }),
      },
      { signingDate: new Date(now()) },
    );
    const { host: _, ...sent } = headers;
    return { url: `${origin}${path}${search}`, headers: sent };
  };
}

function queryOf(parameters: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(names.map((name) => [name, parameters.getAll(name)]));
}

function explained(provider: CredentialProvider): CredentialProvider {
  return async (options) => {
    try {
      return await provider(options);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new UsageError(
        `there are no AWS credentials to sign with (${why}); set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ` +
          'choose a profile with AWS_PROFILE, or log in with aws sso login',
        { cause },
      );
    }
  };
}
