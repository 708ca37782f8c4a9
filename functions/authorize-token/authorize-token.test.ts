import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { JwtVerifier } from 'aws-jwt-verify';
import { describe, expect, it } from 'vitest';
import { authorizeToken } from './authorize-token.ts';
import { readClaimRules } from './claim-rules.ts';

const ISSUER = 'https://issuer.example';
const API = 'arn:aws:execute-api:us-east-1:123456789012:abc123';
const methodArn = `${API}/v1/POST/projects/p/locations/us-central1/jobs`;
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
function token(claims: object, key: KeyObject = keys.privateKey, header: object = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = { iss: ISSUER, aud: 'sluice', sub: 'ada', iat: now, exp: now + 600, ...claims };
  const text = `${base64({ alg: 'RS256', typ: 'JWT', kid: 'one', ...header })}.${base64(payload)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}

/** The verifier of the handler, with the issuer's keys in place: nothing is fetched. */
const verifier = JwtVerifier.create({
  issuer: ISSUER,
  audience: ['sluice', 'other'],
  jwksUri: `${ISSUER}/.well-known/jwks.json`,
});
const jwk = keys.publicKey.export({ format: 'jwk' });
verifier.cacheJwks({ keys: [{ ...jwk, kid: 'one', alg: 'RS256', use: 'sig', kty: 'RSA' }] });

const refusals: string[] = [];
const ports = {
  verify: (text: string) => verifier.verify(text),
  rules: {
    full: readClaimRules('scope=sluice.write, groups=admins,email=ada@example.org'),
    read: readClaimRules('scope=sluice.read,employee=*'),
  },
  logRefusal: (reason: string) => refusals.push(reason),
};
const authorize = (text: string) =>
  authorizeToken(ports, { authorizationToken: `Bearer ${text}`, methodArn });
const statement = async (claims: object) => (await authorize(token(claims))).policyDocument.Statement[0];

describe('a genuine token', () => {
  it.each([
    ['a scope', { scope: 'openid sluice.write' }],
    ['a group', { groups: ['users', 'admins'] }],
    ['an address', { email: 'ada@example.org' }],
    ['one of two audiences', { aud: ['else', 'other'], scope: 'sluice.write' }],
  ])('that has what is asked for by %s may call everything, on every stage', async (_, claims) => {
    expect(await statement(claims)).toEqual({
      Effect: 'Allow',
      Action: 'execute-api:Invoke',
      Resource: `${API}/*`,
    });
  });

  it.each([
    ['a scope', { scope: 'sluice.read' }],
    ['a claim of any value', { employee: 17 }],
  ])('that may read by %s may get, and nothing else', async (_, claims) => {
    expect(await statement(claims)).toMatchObject({ Effect: 'Allow', Resource: `${API}/*/GET/*` });
  });

  it.each([
    ['no claim', {}],
    ['a scope that only begins like it', { scope: 'sluice.writer xsluice.write' }],
    ['the value in a claim of another name', { name: 'ada@example.org' }],
    ['a null', { employee: null }],
    ['the name of something that every object has', { groups: 'constructor' }],
  ])('that has %s is denied', async (_, claims) => {
    expect((await statement(claims))?.Effect).toBe('Deny');
  });

  it('is told by its subject in the access log', async () => {
    expect((await authorize(token({ scope: 'sluice.read' }))).principalId).toBe('ada');
  });
});

describe('a token that is not good', () => {
  it.each([
    ['is signed by another key', token({ scope: 'sluice.write' }, stranger.privateKey)],
    ['is over', token({ scope: 'sluice.write', exp: 1_000 })],
    ['is not good yet', token({ scope: 'sluice.write', nbf: 9_999_999_999 })],
    ['is meant for another', token({ scope: 'sluice.write', aud: 'elsewhere' })],
    ['is of another issuer', token({ scope: 'sluice.write', iss: 'https://issuer.example.evil' })],
    ['says that it is not signed', token({ scope: 'sluice.write' }, keys.privateKey, { alg: 'none' })],
    ['is no token', 'a.b'],
  ])('because it %s is not authorized', async (_, text) => {
    await expect(authorize(text)).rejects.toThrow(/^Unauthorized$/);
  });

  it('is logged with the reason and without itself', async () => {
    refusals.length = 0;
    const over = token({ exp: 1_000 });
    await authorize(over).catch(() => undefined);
    expect(refusals.join()).toMatch(/expired/i);
    expect(refusals.join()).not.toContain(over.split('.')[2]);
  });
});

it('rules of another form are refused with what was given', () => {
  expect(() => readClaimRules('scope')).toThrow('must have the form CLAIM=VALUE; given: "scope"');
});
