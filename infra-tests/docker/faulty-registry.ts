import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** What a registry can do wrong: an HTTP status, or the connection's end in the middle of a layer. */
export type RegistryFault = 401 | 404 | 429 | 500 | 'half';

/** A registry that fails as it is told, in front of one that does not. */
export interface FaultyRegistry {
  readonly host: string;
  /** How many requests failed so far. */
  readonly failed: number;
  /** Lets the next `times` requests for manifests (for `half`: for blobs) fail; the others pass. */
  fail(fault: RegistryFault, times: number): void;
  stop(): Promise<void>;
}

/** Opens it on the loopback address. `behind`: host of the registry that answers. */
export async function startFaultyRegistry(behind: string): Promise<FaultyRegistry> {
  let fault: RegistryFault = 500;
  let left = 0;
  let failed = 0;
  const server = createServer((asked, answer) => {
    const what = fault === 'half' ? '/blobs/' : '/manifests/';
    if (left === 0 || asked.url?.includes(what) !== true) {
      pass(behind, asked, answer);
      return;
    }
    left -= 1;
    failed += 1;
    if (fault === 'half') passHalf(behind, asked, answer);
    else refuse(fault, answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    get failed() {
      return failed;
    },
    fail(next, times) {
      fault = next;
      left = times;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

// Codes of the registry protocol: https://distribution.github.io/distribution/spec/api/#errors-2
const codes = { 401: 'UNAUTHORIZED', 404: 'MANIFEST_UNKNOWN', 429: 'TOOMANYREQUESTS', 500: 'UNKNOWN' };

function refuse(status: keyof typeof codes, answer: ServerResponse): void {
  const errors = [{ code: codes[status], message: codes[status].toLowerCase() }];
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="test"' } : {};
  answer.writeHead(status, { 'content-type': 'application/json', ...challenge });
  answer.end(JSON.stringify({ errors }));
}

function pass(behind: string, asked: IncomingMessage, answer: ServerResponse): void {
  forward(behind, asked, answer, (given) => given.pipe(answer));
}

function passHalf(behind: string, asked: IncomingMessage, answer: ServerResponse): void {
  forward(behind, asked, answer, (given) => {
    const half = Number(given.headers['content-length'] ?? 0) / 2;
    let sent = 0;
    given.on('data', (bytes: Buffer) => {
      answer.write(bytes.subarray(0, Math.max(0, half - sent)));
      sent += bytes.length;
      if (sent < half) return;
      given.destroy();
      answer.socket?.destroySoon();
    });
  });
}

function forward(
  behind: string,
  asked: IncomingMessage,
  answer: ServerResponse,
  take: (given: IncomingMessage) => void,
): void {
  const [hostname, port] = behind.split(':');
  const sent = request({ hostname, port, method: asked.method, path: asked.url, headers: asked.headers });
  sent.on('response', (given) => {
    answer.writeHead(given.statusCode ?? 500, given.headers);
    take(given);
  });
  sent.on('error', () => answer.destroy());
  asked.pipe(sent);
}
