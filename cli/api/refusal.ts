import { ApiError, type StatusCode, statusCodes, type Violation } from '../../shared/contract/error.ts';

/** The service could not be reached, or answered something that is not its protocol. */
export class ServiceUnreachable extends Error {
  override readonly name = 'ServiceUnreachable';
}

/** An answer with an error status. */
export interface Refused {
  status: number;
  text: string;
  endpoint: string;
  /** Its header `Date`, and what time it is here. */
  date: string | null;
  now: number;
}

/** The error that an answer with an error status stands for: google.rpc.Status when it is one, or what a gateway says of itself. */
export function refusal({ status: httpStatus, text, endpoint, date, now }: Refused): Error {
  const { error, message } = wireError(text);
  const status = error?.status ?? statusOf(httpStatus, message);
  if (status === undefined || !Object.hasOwn(statusCodes, status)) {
    return new ServiceUnreachable(`${endpoint} answered HTTP ${httpStatus}: ${excerpt(text)}`);
  }
  const violations = (error?.details ?? []).flatMap((detail) => detail.fieldViolations ?? []);
  const said = error?.message ?? message ?? '';
  const skew = status === 'UNAUTHENTICATED' ? clockSkew(date, now) : '';
  return new ApiError(status as StatusCode, `${said}${skew}`, { violations });
}

/** A gateway that was not taught the form of the API says `{"message": "Forbidden"}`. */
function statusOf(httpStatus: number, message: string | undefined): StatusCode | undefined {
  if (message === undefined) return undefined;
  if (httpStatus === 401 || (httpStatus === 403 && /signature|token|expired/i.test(message)))
    return 'UNAUTHENTICATED';
  return httpStatus === 403 ? 'PERMISSION_DENIED' : undefined;
}

/** Signatures are good for five minutes about the time that they name. */
const TOLERATED_MS = 4 * 60 * 1000;

function clockSkew(date: string | null, now: number): string {
  const theirs = date === null ? Number.NaN : Date.parse(date);
  const behindMs = theirs - now;
  if (!(Math.abs(behindMs) > TOLERATED_MS)) return '';
  const minutes = Math.round(Math.abs(behindMs) / 60_000);
  const how = behindMs > 0 ? 'behind' : 'ahead of';
  return ` (The clock of this machine is ${minutes} minutes ${how} the service's, and signatures are good for five minutes: set the clock.)`;
}

interface WireError {
  error?: { status?: string; message?: string; details?: { fieldViolations?: Violation[] }[] };
  message?: string;
}

function wireError(text: string): WireError {
  try {
    const { error, message, Message } = JSON.parse(text) as WireError & { Message?: string };
    const said = message ?? Message;
    return {
      ...(error === undefined ? {} : { error }),
      ...(typeof said === 'string' ? { message: said } : {}),
    };
  } catch {
    return {};
  }
}

export function excerpt(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  if (line === '') return 'an empty answer';
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
