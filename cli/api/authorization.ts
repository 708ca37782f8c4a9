import { readFile } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';
import { isLoopback } from './loopback.ts';

/** A request as it is about to be sent. */
export interface Outgoing {
  method: string;
  url: string;
  body: string | undefined;
}

/** Gives a request what its sender is known by: headers to add, and the address in the form that was signed. */
export type Authorize = (request: Outgoing) => Promise<{ url: string; headers: Record<string, string> }>;

/** How a service is to know its caller. */
export type Identity =
  | { kind: 'none' }
  | { kind: 'token'; token: string }
  | { kind: 'token-file'; file: string }
  | { kind: 'aws'; region: string };

export interface IdentityOptions {
  /** Sign with AWS credentials, whatever the address. */
  aws?: boolean | undefined;
  tokenFile?: string | undefined;
}

const KINDS = ['aws', 'token', 'none'];
/** `{id}.execute-api.{region}.amazonaws.com`, with `.cn` in China; LocalStack's are `{id}.execute-api.localhost.localstack.cloud`. */
const EXECUTE_API =
  /^[a-z0-9]+(?:-vpce-[a-z0-9-]+)?\.execute-api\.(?:([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?|localhost\.localstack\.cloud)$/;

/**
 * Chooses how to be known, in this order: `--aws` and `--token-file`; `SLUICE_AUTH`, which is aws, token or none; a token in
 * `SLUICE_TOKEN`; AWS credentials where the address is one of API Gateway; nothing. Throws UsageError for what cannot be.
 */
export function chooseIdentity(
  endpoint: string,
  { aws = false, tokenFile }: IdentityOptions,
  env: Readonly<Record<string, string | undefined>>,
): Identity {
  if (aws && tokenFile !== undefined) throw new UsageError('give --aws or --token-file, not both');
  const host = new URL(endpoint).hostname;
  const gateway = EXECUTE_API.exec(host);
  const wished = env.SLUICE_AUTH || undefined;
  if (wished !== undefined && !KINDS.includes(wished))
    throw new UsageError(`SLUICE_AUTH must be ${KINDS.join(', ')}; given: '${wished}'`);
  if (aws) return awsIdentity(gateway?.[1], env);
  if (tokenFile !== undefined) return overSafeLine(endpoint, { kind: 'token-file', file: tokenFile });
  if (wished === 'none') return { kind: 'none' };
  if (wished === 'aws') return awsIdentity(gateway?.[1], env);
  if (env.SLUICE_TOKEN) return overSafeLine(endpoint, { kind: 'token', token: env.SLUICE_TOKEN });
  if (wished === 'token')
    throw new UsageError('SLUICE_AUTH is token; give one in SLUICE_TOKEN or by --token-file');
  return gateway === null ? { kind: 'none' } : awsIdentity(gateway[1], env);
}

function awsIdentity(
  inAddress: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Identity {
  const region = inAddress ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION);
  if (region) return { kind: 'aws', region };
  throw new UsageError('the address does not say in which AWS region the service is; set AWS_REGION');
}

/** A token is good for whoever reads it. */
function overSafeLine(endpoint: string, identity: Identity): Identity {
  if (new URL(endpoint).protocol === 'https:' || isLoopback(endpoint)) return identity;
  throw new UsageError(`a token would go to ${endpoint} in clear; give an address with https://`);
}

/** What does as an identity says; undefined where nobody asks. What AWS needs is loaded when it is first used. */
export function authorizeAs(identity: Identity, now: () => number): Authorize | undefined {
  if (identity.kind === 'none') return undefined;
  if (identity.kind === 'token') return bearer(async () => identity.token);
  if (identity.kind === 'token-file') return bearer(() => readToken(identity.file));
  let signer: Promise<Authorize> | undefined;
  return async (request) => {
    signer ??= import('./aws-signature.ts').then(({ awsSigner }) => awsSigner(identity.region, now));
    return (await signer)(request);
  };
}

function bearer(token: () => Promise<string>): Authorize {
  return async ({ url }) => ({ url, headers: { authorization: `Bearer ${await token()}` } });
}

/** Read for each call: whoever renews a token writes it there. */
async function readToken(file: string): Promise<string> {
  const token = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read the token in ${file} (${error.code})`);
  });
  if (token.trim() !== '') return token.trim();
  throw new UsageError(`there is no token in ${file}: the file is empty`);
}
