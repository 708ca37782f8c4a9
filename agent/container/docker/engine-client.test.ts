import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { engineAddress } from './engine-address.ts';
import { EngineClient } from './engine-client.ts';

it.each([
  ['HTTP', {}, 'G'],
  // The record type of a handshake.
  ['TLS', { DOCKER_TLS_VERIFY: '1' }, '\x16'],
])('an engine is spoken to by %s where its address says so', async (_, variables, first) => {
  const heard = Promise.withResolvers<string>();
  const server = createServer((socket) => {
    socket.on('error', heard.reject);
    socket.once('data', (bytes) => {
      heard.resolve(bytes.toString('latin1'));
      socket.destroy();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new EngineClient(engineAddress({ DOCKER_HOST: host, ...variables }));
  await expect(client.version()).rejects.toThrow();
  expect((await heard.promise)[0]).toBe(first);
  client.close();
  server.close();
});
