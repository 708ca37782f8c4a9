import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the next requests are answered with in place of what is there: one a request. */
export type Fault =
  | { readonly status: number; readonly body?: string; readonly retryAfter?: string }
  | 'cut'
  | 'half';

/** A registry on the loopback address that keeps a few documents, can ask for credentials and can fail. */
export class FakeRegistry {
  readonly requests: { path: string; authorization: string | undefined }[] = [];
  readonly faults: Fault[] = [];
  /** How it lets in: `Basic`, or tokens that its own `/token` gives out to these credentials or, without, to all. */
  auth: { scheme: 'basic' | 'bearer'; credentials?: string } | undefined;
  /** A repository that whoever is let in may not have, and the answer. */
  denied: { repository: string; status: number } | undefined;
  readonly #documents = new Map<string, { type: string; body: string }>();
  readonly #server = createServer((request, response) => this.#answer(request, response));
  #address = '';

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#address = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this.#address;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Keeps a document under its digest, which is returned, and under a tag. */
  keep(repository: string, document: object, type = 'application/json', tag?: string): string {
    const body = JSON.stringify(document);
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    for (const name of [digest, ...(tag === undefined ? [] : [tag])])
      this.#documents.set(`${repository}/${name}`, { type, body });
    return digest;
  }

  /** An image for one platform, under a tag; returns the digest of its manifest. */
  keepImage(
    repository: string,
    config: object,
    tag?: string,
    platform = { os: 'linux', architecture: 'amd64' },
  ) {
    const digest = this.keep(repository, { ...platform, config });
    const type = 'application/vnd.oci.image.manifest.v1+json';
    return this.keep(
      repository,
      { schemaVersion: 2, mediaType: type, config: { digest }, layers: [] },
      type,
      tag,
    );
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', 'http://registry');
    const { authorization } = request.headers;
    this.requests.push({ path: request.url ?? '', authorization });
    if (pathname === '/token') {
      this.#giveToken(authorization, response);
      return;
    }
    const fault = this.faults.shift();
    if (fault !== undefined && typeof fault === 'object') {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      response.writeHead(fault.status, headers).end(fault.body ?? '');
      return;
    }
    if (!this.#letsIn(authorization)) {
      const bearer = `Bearer realm="http://${this.#address}/token",service="fake"`;
      response
        .writeHead(401, { 'www-authenticate': this.auth?.scheme === 'basic' ? 'Basic realm="r"' : bearer })
        .end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }));
      return;
    }
    const [, repository, name] = /^\/v2\/(.+)\/(?:manifests|blobs)\/(.+)$/.exec(pathname) ?? [];
    if (this.denied !== undefined && this.denied.repository === repository) {
      response.writeHead(this.denied.status).end(JSON.stringify({ errors: [{ code: 'DENIED' }] }));
      return;
    }
    const document = this.#documents.get(`${repository}/${name}`);
    if (document === undefined) {
      response.writeHead(404).end(JSON.stringify({ errors: [{ message: 'manifest unknown' }] }));
      return;
    }
    const { type, body } = document;
    response.setHeader('content-type', type);
    if (fault === 'half') {
      response.end(body.slice(0, body.length / 2));
    } else if (fault === 'cut') {
      response.setHeader('content-length', body.length);
      response.write(body.slice(0, body.length / 2), () => response.destroy());
    } else {
      response.end(body);
    }
  }

  #giveToken(authorization: string | undefined, response: ServerResponse): void {
    const isDenied = this.auth?.credentials !== undefined && authorization !== basicOf(this.auth.credentials);
    if (isDenied) response.writeHead(401).end();
    else response.end(JSON.stringify({ token: 'let-me-in' }));
  }

  #letsIn(authorization: string | undefined): boolean {
    if (this.auth === undefined) return true;
    if (this.auth.scheme === 'bearer') return authorization === 'Bearer let-me-in';
    return authorization === basicOf(this.auth.credentials ?? '');
  }
}

function basicOf(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
