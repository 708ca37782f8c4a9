import { type Access, type AccessRules, accessOf } from './claim-rules.ts';

/** What is asked of the function: the header's value and the method, as an ARN, that is called with it. */
export interface AuthorizeRequest {
  readonly authorizationToken: string;
  readonly methodArn: string;
}

/** What API Gateway wants back, and keeps for other calls with the same token. */
export interface AuthorizeAnswer {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly {
      readonly Effect: 'Allow' | 'Deny';
      readonly Action: 'execute-api:Invoke';
      readonly Resource: string;
    }[];
  };
}

export interface AuthorizePorts {
  /** The claims of a token that is genuine, meant for this service and not over; throws for any other. */
  readonly verify: (token: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly rules: AccessRules;
  readonly logRefusal: (reason: string) => void;
}

/** API Gateway answers 401 to an error of exactly this message, and 500 to any other. */
export class Unauthorized extends Error {
  override readonly name = 'Unauthorized';
  constructor() {
    super('Unauthorized');
  }
}

/**
 * Decides what the bearer of a token may call. A token that is not good is Unauthorized; one that is good and gives no
 * access is denied, so that the client sees that it is known and may not. The answer is for all methods, not for the one
 * that is called: it is kept for the token.
 */
export async function authorizeToken(
  { verify, rules, logRefusal }: AuthorizePorts,
  { authorizationToken, methodArn }: AuthorizeRequest,
): Promise<AuthorizeAnswer> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorizationToken)?.[1];
  if (token === undefined) throw new Unauthorized();
  const claims = await verify(token).catch((error: Error) => {
    logRefusal(error.message);
    throw new Unauthorized();
  });
  const access = accessOf(claims, rules);
  if (access === undefined) logRefusal('no rule for its claims gives access');
  return { principalId: String(claims.sub ?? 'unknown'), policyDocument: policyFor(methodArn, access) };
}

/** `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}/{path}`, for any stage of the API. */
function policyFor(methodArn: string, access: Access | undefined): AuthorizeAnswer['policyDocument'] {
  const api = methodArn.split('/')[0];
  const Resource = access === 'read' ? `${api}/*/GET/*` : `${api}/*`;
  const Effect = access === undefined ? 'Deny' : 'Allow';
  return { Version: '2012-10-17', Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }] };
}
