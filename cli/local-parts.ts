import type { Job } from '../shared/contract/job.ts';
import type { LoadService } from './run/embedded-service.ts';

/** What this machine's runner says of a job. */
export interface Capabilities {
  /** Throws ApiError for what it cannot honour, and for secrets that the file does not hold. */
  checkCapabilities(job: Job, secretsFile?: string): Promise<void>;
  /** What it takes but does in a way of its own. */
  capabilityNotes(job: Job, memoryGiven?: readonly boolean[]): string[];
}

/** The service's code, loaded by the commands that need it, so that the others start fast. */
export interface LocalParts {
  loadService: LoadService;
  loadCapabilities: () => Promise<Capabilities>;
}
