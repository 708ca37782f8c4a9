/** The canonical codes of google.rpc.Code, with their gRPC number and the HTTP status that Google's REST APIs map them to. */
export const statusCodes = {
  CANCELLED: { grpc: 1, http: 499 },
  UNKNOWN: { grpc: 2, http: 500 },
  INVALID_ARGUMENT: { grpc: 3, http: 400 },
  DEADLINE_EXCEEDED: { grpc: 4, http: 504 },
  NOT_FOUND: { grpc: 5, http: 404 },
  ALREADY_EXISTS: { grpc: 6, http: 409 },
  PERMISSION_DENIED: { grpc: 7, http: 403 },
  RESOURCE_EXHAUSTED: { grpc: 8, http: 429 },
  FAILED_PRECONDITION: { grpc: 9, http: 400 },
  ABORTED: { grpc: 10, http: 409 },
  OUT_OF_RANGE: { grpc: 11, http: 400 },
  UNIMPLEMENTED: { grpc: 12, http: 501 },
  INTERNAL: { grpc: 13, http: 500 },
  UNAVAILABLE: { grpc: 14, http: 503 },
  DATA_LOSS: { grpc: 15, http: 500 },
  UNAUTHENTICATED: { grpc: 16, http: 401 },
} as const;

/** Name of a canonical code, e.g. `INVALID_ARGUMENT`. */
export type StatusCode = keyof typeof statusCodes;

/** One thing that is wrong with a request: where (`taskGroups[0].taskCount`), and what was given and is allowed. */
export interface Violation {
  field: string;
  description: string;
}

/** What an `ApiError` may carry beside its code and message. */
export interface ApiErrorDetails {
  violations?: readonly Violation[];
  /** A short machine-readable cause in UPPER_SNAKE_CASE, sent as google.rpc.ErrorInfo. */
  reason?: string;
  cause?: unknown;
}

/** An error that the API answers with; its message is safe to show to the caller. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: StatusCode;
  readonly violations: readonly Violation[];
  readonly reason: string | undefined;

  constructor(status: StatusCode, message: string, details: ApiErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = status;
    this.violations = details.violations ?? [];
    this.reason = details.reason;
  }

  /** The HTTP status of the answer. */
  get httpStatus(): number {
    return statusCodes[this.status].http;
  }
}

/** The JSON body of an error answer: google.rpc.Status inside `error`, as Google's clients parse it. */
export interface StatusBody {
  error: { code: number; message: string; status: StatusCode; details: StatusDetail[] };
}

/** One typed detail of an error answer. */
export type StatusDetail =
  | { '@type': 'type.googleapis.com/google.rpc.BadRequest'; fieldViolations: Violation[] }
  | { '@type': 'type.googleapis.com/google.rpc.ErrorInfo'; reason: string; domain: string };

/** The domain that our google.rpc.ErrorInfo details name. */
const ERROR_DOMAIN = 'batch.googleapis.com';

/**
 * Turns an error into the body to answer with; `error.code` is the HTTP status.
 * Anything that is not an `ApiError` becomes INTERNAL without its own message, which may hold what a caller must not see.
 */
export function statusJson(error: unknown): StatusBody {
  if (!(error instanceof ApiError)) {
    return { error: { code: 500, message: 'Internal error.', status: 'INTERNAL', details: [] } };
  }
  const details: StatusDetail[] = [];
  if (error.violations.length > 0) {
    details.push({
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: error.violations.map(({ field, description }) => ({ field, description })),
    });
  }
  if (error.reason !== undefined) {
    details.push({
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: error.reason,
      domain: ERROR_DOMAIN,
    });
  }
  return { error: { code: error.httpStatus, message: error.message, status: error.status, details } };
}

const SHOWN_VIOLATIONS = 3;

/** INVALID_ARGUMENT for one or more violations; the message spells out the first three and counts the rest. */
export function invalidArgument(violations: readonly Violation[]): ApiError {
  const shown = violations
    .slice(0, SHOWN_VIOLATIONS)
    .map(({ field, description }) => (field === '' ? description : `${field}: ${description}`));
  const rest = violations.length - shown.length;
  const more = rest > 0 ? `; and ${rest} more` : '';
  return new ApiError('INVALID_ARGUMENT', `Invalid request: ${shown.join('; ')}${more}.`, { violations });
}

/** INVALID_ARGUMENT for one field. */
export function invalidField(field: string, description: string): ApiError {
  return invalidArgument([{ field, description }]);
}

/** NOT_FOUND for a resource name. */
export function notFound(name: string): ApiError {
  return new ApiError('NOT_FOUND', `Resource '${name}' was not found.`);
}

/** ALREADY_EXISTS for a resource name. */
export function alreadyExists(name: string): ApiError {
  return new ApiError('ALREADY_EXISTS', `Resource '${name}' already exists.`);
}

/** FAILED_PRECONDITION: the request is well formed, but not in the state that the resource is in. */
export function failedPrecondition(message: string): ApiError {
  return new ApiError('FAILED_PRECONDITION', message);
}

/** ABORTED: somebody else changed the resource meanwhile; the caller may read it again and retry. */
export function aborted(message: string): ApiError {
  return new ApiError('ABORTED', message);
}

/** UNIMPLEMENTED for a field (or a method) that this installation cannot honour; `why` says what it would need. */
export function unimplemented(field: string, why: string): ApiError {
  return new ApiError('UNIMPLEMENTED', `${field} is not supported here: ${why}.`, {
    violations: [{ field, description: why }],
  });
}

/** UNAUTHENTICATED: no credential, or one that is not valid. */
export function unauthenticated(message: string): ApiError {
  return new ApiError('UNAUTHENTICATED', message);
}

/** UNAVAILABLE: try again later; clients of Batch retry this code by themselves. */
export function unavailable(message: string, cause?: unknown): ApiError {
  return new ApiError('UNAVAILABLE', message, { cause });
}
