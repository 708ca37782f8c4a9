import * as z from 'zod';
import type { HttpAnswer, HttpRequest } from '../jobs-api/routes.ts';

const lists = z.record(z.string(), z.array(z.string())).nullish();

/** What is read of an event of an API Gateway REST API with Lambda proxy integration. */
export const apiEvent = z.object({
  httpMethod: z.string(),
  /** Without the stage. */
  path: z.string(),
  requestContext: z.object({ stage: z.string().optional() }).optional(),
  multiValueHeaders: lists,
  multiValueQueryStringParameters: lists,
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
});
export type ApiEvent = z.infer<typeof apiEvent>;

/** What the integration wants back. */
export interface ApiResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/** The request that an event is. */
export function requestOf(event: ApiEvent): HttpRequest {
  const { httpMethod, body, isBase64Encoded } = event;
  const headers = Object.entries(event.multiValueHeaders ?? {});
  const query = Object.entries(event.multiValueQueryStringParameters ?? {});
  return {
    method: httpMethod,
    path: versionedPath(event),
    query: new URLSearchParams(
      query.flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
    ),
    headers: Object.fromEntries(headers.map(([name, values]) => [name.toLowerCase(), values.join(', ')])),
    body: body == null ? undefined : isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
  };
}

/** One of the APIs has the versions as its stages, which are not part of the path that the function is given. */
function versionedPath({ path, requestContext }: ApiEvent): string {
  return path.startsWith('/projects/') ? `/${requestContext?.stage ?? 'v1'}${path}` : path;
}

export function responseOf({ status, headers, body }: HttpAnswer): ApiResponse {
  return { statusCode: status, headers, body, isBase64Encoded: false };
}
