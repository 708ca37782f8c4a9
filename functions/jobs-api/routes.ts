import { ApiError, aborted, statusJson } from '../../shared/contract/error.ts';
import { limits } from '../../shared/contract/limits.ts';
import { type OutputOptions, outputOptions } from '../../shared/contract/system-parameters.ts';
import { ConflictError } from '../../shared/ports/store.ts';
import { apiMethods } from './api-methods.ts';
import type { JobsApiDeps, RequestHeaders } from './api-ports.ts';
import { parseBody } from './json-body.ts';
import { parsePath, routeMatcher } from './match-route.ts';

/** A request as any server of HTTP can give it; the path is still encoded, header names are in lower case. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: RequestHeaders;
  readonly body: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const match = routeMatcher(apiMethods);

/** Answers a request to the API. Errors are answers too, in the form of google.rpc.Status; nothing is thrown. */
export async function handleRequest(deps: JobsApiDeps, request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await answerRequest(deps, request);
  } catch (error) {
    return errorAnswer(deps, request, error);
  }
}

async function answerRequest(deps: JobsApiDeps, request: HttpRequest): Promise<HttpAnswer> {
  const { method, query, headers } = request;
  const path = parsePath(request.path);
  if (path === undefined) throw unknownPath(request.path);
  const found = match(method, path.resource);
  if (!('route' in found)) return notAllowed(request, found.allowed);
  const { route, name } = found;
  const output = outputOptions(query);
  const hasBody = method === 'POST' || method === 'PATCH';
  const encoded = await route.call(deps, {
    name,
    apiVersion: path.version,
    query,
    headers,
    body: hasBody ? parseBody(request.body, route.maxBodyBytes ?? limits.jobBytes) : undefined,
  });
  const isIndented = output.pretty && (route.compact !== true || asksToIndent(query));
  return jsonAnswer(200, encoded(output), { ...output, pretty: isIndented });
}

function asksToIndent(query: URLSearchParams): boolean {
  return query.has('prettyPrint') || query.has('$prettyPrint');
}

function unknownPath(path: string): ApiError {
  return new ApiError('NOT_FOUND', `The path '${path}' is not part of this API.`);
}

/** HTTP has a status for this that google.rpc has not. */
function notAllowed({ method, path }: HttpRequest, allowed: readonly string[]): HttpAnswer {
  if (allowed.length === 0) throw unknownPath(path);
  const message = `The method ${method} is not allowed on '${path}'; allowed: ${allowed.join(', ')}.`;
  const body = { error: { code: 405, message, status: 'UNIMPLEMENTED', details: [] } };
  const answer = jsonAnswer(405, body, { pretty: true });
  return { ...answer, headers: { ...answer.headers, allow: allowed.join(', ') } };
}

/** The answer for an error. What is none of the API's own is logged. */
export function errorAnswer(
  deps: Pick<JobsApiDeps, 'logError'>,
  request: Pick<HttpRequest, 'method' | 'path'>,
  error: unknown,
): HttpAnswer {
  // Other writers were faster each of many times.
  const told =
    error instanceof ConflictError ? aborted('Others are changing this resource; try again.') : error;
  if (!(told instanceof ApiError)) deps.logError(error, { method: request.method, path: request.path });
  const body = statusJson(told);
  return jsonAnswer(body.error.code, body, { pretty: true });
}

function jsonAnswer(status: number, value: unknown, { pretty }: Pick<OutputOptions, 'pretty'>): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', 'cache-control': 'no-store' },
    body: pretty ? `${JSON.stringify(value, null, 2)}\n` : JSON.stringify(value),
  };
}
