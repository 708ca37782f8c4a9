/**
 * Node's HTTP. It is asked for here and imported nowhere in the agent: an import looks at all that a module exports, and of
 * this one that loads a WebSocket client, HTTP/2 and TLS, which take more time than all else of an agent's start.
 */
export const http = process.getBuiltinModule('node:http');

/** The same over TLS, which is loaded by the first call. */
export function loadHttps(): typeof import('node:https') {
  return process.getBuiltinModule('node:https');
}
