import type { Limits } from '../../shared/core/admission/amounts.ts';
import { ServiceNotStarted } from '../usage-error.ts';

/** What the service in this process is started with. */
export interface ServiceOptions {
  /** 0 for any that is free. */
  port: number;
  dataDir: string;
  agents: 'local' | 'none';
  maxNodes?: number;
  maxVcpus?: number;
  maxJobs?: number;
  projectLimits?: Record<string, Limits>;
  secretsFile?: string;
  workDir: string;
  webhooks?: readonly string[];
  webhookSecret?: Buffer;
  allowOrigin?: string;
  log: (line: string) => void;
}

/** The service running in this process. */
export interface Service {
  endpoint: string;
  /** Stops serving; agents keep running unless `stopNodes`. */
  close(options?: { stopNodes: boolean }): Promise<void>;
}

/** Loads the service's code, which commands that only talk to a service do without. */
export type LoadService = () => Promise<{ startService(options: ServiceOptions): Promise<Service> }>;

/** Starts the service; what keeps it from starting becomes a message that says what to do. */
export async function startEmbedded(load: LoadService, options: ServiceOptions): Promise<Service> {
  const { startService } = await load();
  try {
    return await startService(options);
  } catch (error) {
    throw new ServiceNotStarted(whyNotStarted(error, options), { cause: error });
  }
}

function whyNotStarted(error: unknown, { port, dataDir }: ServiceOptions): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') {
    return `port ${port} is in use on this machine; choose another with --port, or --port 0 for any free one`;
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return `the service did not start: no right to write ${dataDir} or to listen on port ${port} (${code})`;
  }
  return `the service did not start: ${error instanceof Error ? error.message : String(error)}`;
}
