import { execFile } from 'node:child_process';
import { generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installPackages } from '../debian-packages.ts';

const run = promisify(execFile);
const KEY_ID = 'of-this-run';
const TEN_MINUTES = 600;
/** This machine, by an address to which the emulator lets functions speak TLS: it has them speak plain HTTP to 127.0.0.1. */
const ADDRESS = '127.0.0.2';

/** Who issues the bearer tokens that a deployment takes. */
export interface TokenIssuer {
  readonly address: string;
  /** Signs tokens; what belongs to it in public is at the address. */
  readonly key: JsonWebKey;
}

export interface ServedIssuer extends TokenIssuer {
  /** The file of the certificate that who fetches the keys must trust. */
  readonly certificate: string;
  stop(): Promise<void>;
}

/** Serves the keys of an issuer on this machine, by TLS with a certificate of its own. */
export async function serveIssuer(): Promise<ServedIssuer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-issuer-'));
  const [certificate, secret] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=sluice-issuer', '-addext', `subjectAltName=IP:${ADDRESS}`];
  await run('openssl', ['version']).catch(() => installPackages(['openssl']));
  await run('openssl', ['req', ...kind, ...name, '-keyout', secret, '-out', certificate]);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'ES256', use: 'sig' }];
  const server = createServer(
    { key: readFileSync(secret), cert: readFileSync(certificate) },
    ({ url }, answer) => {
      answer.statusCode = url === '/.well-known/jwks.json' ? 200 : 404;
      answer.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    },
  );
  server.listen(0, ADDRESS);
  await once(server, 'listening');
  return {
    address: `https://${ADDRESS}:${(server.address() as AddressInfo).port}`,
    key: privateKey.export({ format: 'jwk' }),
    certificate,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A token with these claims that is good for ten minutes, unless they say otherwise. */
export function tokenOf({ address, key }: TokenIssuer, claims: object): string {
  const now = Math.floor(Date.now() / 1000);
  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const times = { iat: now, exp: now + TEN_MINUTES };
  const payload = { iss: address, aud: AUDIENCE, sub: 'ada', ...times, ...claims };
  const text = `${base64({ alg: 'ES256', typ: 'JWT', kid: KEY_ID })}.${base64(payload)}`;
  const signer = { key, format: 'jwk', dsaEncoding: 'ieee-p1363' } as const;
  return `${text}.${sign('sha256', Buffer.from(text), signer).toString('base64url')}`;
}

/** Whom tokens are meant for. */
export const AUDIENCE = 'sluice-on-the-emulator';
