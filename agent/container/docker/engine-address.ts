import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where an engine listens: a socket file, or a host and port, with TLS when there are certificates. */
export interface EngineAddress {
  /** As a user would write it in DOCKER_HOST. */
  readonly text: string;
  readonly connection:
    | { readonly socketPath: string }
    | { readonly host: string; readonly port: number; readonly tls?: EngineCertificates };
}

/** PEM texts. Without `ca` the system's authorities count. */
export interface EngineCertificates {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

const SOCKET = '/var/run/docker.sock';
const PORT = 2375;
const TLS_PORT = 2376;

/**
 * Where Docker's engine is to be looked for, by the variables that its own command reads: DOCKER_HOST (`unix://` or
 * `tcp://`), DOCKER_TLS_VERIFY and DOCKER_CERT_PATH. Without DOCKER_HOST it is the socket of this machine's engine, or
 * of this user's own. Throws an Error that says what DOCKER_HOST may be.
 */
export function engineAddress(own: NodeJS.ProcessEnv): EngineAddress {
  const text = own.DOCKER_HOST || defaultHost(own);
  const unix = /^unix:\/\/(\/.+)$/.exec(text)?.[1];
  if (unix !== undefined) return { text, connection: { socketPath: unix } };
  const tcp = /^tcp:\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(text);
  if (tcp === null) {
    throw new Error(
      `DOCKER_HOST must be unix:///path/to/socket or tcp://host:port; given ${JSON.stringify(text)}`,
    );
  }
  const host = (tcp[1] ?? '').replace(/^\[|\]$/g, '');
  const tls = certificates(own);
  const port = Number(tcp[2] ?? (tls === undefined ? PORT : TLS_PORT));
  return { text, connection: tls === undefined ? { host, port } : { host, port, tls } };
}

function defaultHost(own: NodeJS.ProcessEnv): string {
  const rootless = join(own.XDG_RUNTIME_DIR || '/nowhere', 'docker.sock');
  return `unix://${!existsSync(SOCKET) && existsSync(rootless) ? rootless : SOCKET}`;
}

function certificates(own: NodeJS.ProcessEnv): EngineCertificates | undefined {
  const folder = own.DOCKER_CERT_PATH;
  if (!own.DOCKER_TLS_VERIFY) return undefined;
  if (!folder) return {};
  const read = (name: string) => {
    const file = join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const found = { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
  return Object.fromEntries(Object.entries(found).filter(([, pem]) => pem !== undefined));
}
