import { ApiError, type StatusCode } from '../shared/contract/error.ts';
import { ServiceUnreachable } from './api/refusal.ts';
import { exitCodes } from './exit-codes.ts';
import { type JobFile, JobFileError, placeInFile } from './job-file/job-file.ts';
import { ServiceNotStarted, UsageError } from './usage-error.ts';

/** What is printed about an error, and what the process exits with. */
export interface FailureReport {
  lines: string[];
  exitCode: number;
}

/** The service refused a job that came from a file: the refusal can say where in the file. */
export class JobFileRefused extends Error {
  override readonly name = 'JobFileRefused';
  readonly refusal: ApiError;
  readonly file: JobFile;

  constructor(refusal: ApiError, file: JobFile) {
    super(refusal.message, { cause: refusal });
    this.refusal = refusal;
    this.file = file;
  }
}

/** Runs what sends a job file's job, so that a refusal of it knows the file. */
export async function blamingFile<T>(file: JobFile, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw error instanceof ApiError ? new JobFileRefused(error, file) : error;
  }
}

/** Codes that mean that the service, not the request, is in trouble. */
const serviceTrouble: ReadonlySet<StatusCode> = new Set<StatusCode>([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

const KNOWN_BY =
  'A deployed service wants AWS credentials (--aws, or SLUICE_AUTH=aws) or a token (--token-file, or SLUICE_TOKEN).';

/** Says what went wrong in lines for standard error, and chooses the exit code. */
export function reportFailure(error: unknown): FailureReport {
  if (error instanceof JobFileError) {
    const place = placeInFile(error.file, error.position);
    return { lines: [`sluice: ${place}: ${error.message}`], exitCode: exitCodes.usage };
  }
  if (error instanceof JobFileRefused) return reportRefusal(error.refusal, error.file);
  if (error instanceof ApiError) return reportRefusal(error);
  if (error instanceof UsageError) return { lines: [`sluice: ${error.message}`], exitCode: exitCodes.usage };
  if (error instanceof ServiceUnreachable) {
    const hint =
      "Is the service running? 'sluice serve' starts one here; --endpoint or SLUICE_ENDPOINT name another.";
    return { lines: [`sluice: ${error.message}`, hint], exitCode: exitCodes.service };
  }
  if (error instanceof ServiceNotStarted) {
    return { lines: [`sluice: ${error.message}`], exitCode: exitCodes.service };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { lines: [`sluice: unexpected error, please report it: ${text}`], exitCode: exitCodes.service };
}

function reportRefusal(error: ApiError, file?: JobFile): FailureReport {
  const exitCode = serviceTrouble.has(error.status) ? exitCodes.service : exitCodes.usage;
  if (error.violations.length === 0) {
    const head = `sluice: ${error.status}: ${error.message}`;
    return { lines: error.status === 'UNAUTHENTICATED' ? [head, KNOWN_BY] : [head], exitCode };
  }
  const head = `sluice: ${error.status}: ${headline(error, file?.name ?? 'the request')}`;
  return { lines: [`${head}:`, ...violationLines(error, file)], exitCode };
}

function headline({ status, violations }: ApiError, where: string): string {
  if (status === 'UNIMPLEMENTED') return `${where} asks for what is not supported here`;
  return `${violations.length === 1 ? 'a mistake' : `${violations.length} mistakes`} in ${where}`;
}

/** One line a violation, in the order of the file where places are known. */
export function violationLines(error: ApiError, file?: JobFile): string[] {
  const placed = error.violations.map((violation) => ({ violation, position: file?.locate(violation) }));
  placed.sort((a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0));
  return placed.map(({ violation: { field, description }, position }) => {
    const place = file === undefined ? '' : `${placeInFile(file.name, position)}: `;
    const subject = field === '' ? '' : `${field}: `;
    return `  ${place}${subject}${description}`;
  });
}
