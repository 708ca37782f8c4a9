import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An address with nothing but an API behind it, as each API has one in API Gateway: the stage begins the path. The emulator
 * knows APIs by the names of such hosts, which no resolver knows; so requests come here and are handed on with the name.
 */
export async function hostOfApi(emulator: string, apiId: string) {
  const { hostname, port } = new URL(emulator);
  const server = createServer((asked, answer) => {
    const { method, url: path } = asked;
    const headers = { ...asked.headers, host: `${apiId}.execute-api.localhost:${port}` };
    const onward = request({ hostname, port, method, path, headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(answer);
    });
    onward.on('error', (error) => answer.destroy(error));
    asked.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    hostname: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    stop() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}
