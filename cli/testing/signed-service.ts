import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

export interface KnownKey {
  id: string;
  secret: string;
  session?: string;
}

/**
 * A server that does as API Gateway does: checks Signature Version 4 over what has really come in, written from its
 * description, and answers what was asked for. Every request that it lets pass is kept.
 */
export class SignedService implements AsyncDisposable {
  readonly passed: { method: string; url: string; body: string }[] = [];
  readonly #server: Server;
  readonly #key: KnownKey;

  private constructor(key: KnownKey, answer: (method: string, path: string) => unknown, date?: Date) {
    this.#key = key;
    this.#server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString('utf8');
      const problem = this.#problem(request, body);
      const { method = '', url = '' } = request;
      if (problem === undefined) this.passed.push({ method, url, body });
      const status = problem === undefined ? 200 : 403;
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(date === undefined ? {} : { date: date.toUTCString() }),
      });
      const json = problem === undefined ? answer(method, decodeURIComponent(url)) : { message: problem };
      response.end(JSON.stringify(json));
    });
  }

  static async start(
    key: KnownKey,
    answer: (method: string, path: string) => unknown = () => ({}),
    date?: Date,
  ): Promise<SignedService> {
    const service = new SignedService(key, answer, date);
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/prod`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Why a request is not let in, in words of the gateway's. */
  #problem(request: IncomingMessage, body: string): string | undefined {
    const { authorization, 'x-amz-date': time = '' } = request.headers as Record<string, string>;
    const form =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
    const [, id, day = '', region = '', service = '', names = '', signature] =
      form.exec(authorization ?? '') ?? [];
    if (id === undefined) return 'Missing Authentication Token';
    if (id !== this.#key.id || request.headers['x-amz-security-token'] !== this.#key.session)
      return 'The security token included in the request is invalid.';
    if (service !== 'execute-api') return `Credential should be scoped to correct service: 'execute-api'.`;
    for (const name of ['host', 'x-amz-date'])
      if (!names.split(';').includes(name)) return `'${name}' must be a 'SignedHeader'`;
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const canonical = [
      request.method,
      path.split('/').map(encoded).join('/'),
      [...new URLSearchParams(query)]
        .map((pair) => pair.map(encoded).join('='))
        .sort()
        .join('&'),
      ...names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}`),
      '',
      names,
      sha256(body),
    ].join('\n');
    const scope = `${day}/${region}/${service}/aws4_request`;
    const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
    const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
      hmac,
      `AWS4${this.#key.secret}`,
    );
    if (hmac(key, text).toString('hex') === signature) return undefined;
    return 'The request signature we calculated does not match the signature you provided.';
  }
}
