import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';

/** Lines of JSON with the request's id; the function's name stands for its service. */
export const logger = new Logger({ serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'sluice' });
export const metrics = new Metrics({ namespace: 'Sluice', serviceName: 'sluice' });

/** Writes the metrics of a call that has any, also when it failed, and counts cold starts. */
const writesMetrics: MiddlewareObj<unknown, unknown, Error, Context> = {
  before: ({ context }) => metrics.captureColdStartMetric(context.functionName),
  after: publish,
  onError: publish,
};

function publish(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}

/** Run only where calls are traced: a function starts without it otherwise. */
const tracing = process.env.TRACE_CALLS === 'true' ? [(await import('./tracing.ts')).traceCalls()] : [];

export type Handler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/** The middleware that all functions share: log context, metrics, and the check of what came in. */
export function serviceHandler<Schema extends z.ZodType, Result>(
  schema: Schema,
  handle: (event: z.infer<Schema>) => Promise<Result>,
): Handler<unknown, Result> {
  const parsed = middy<unknown, Result, Error, Context>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(tracing)
    .use(writesMetrics)
    .handler(async (event) => handle(readPayload(schema, event)));
  return parsed as unknown as Handler<unknown, Result>;
}

/** Throws an error of its own name for an event of another form: the state machine does not try again then. */
function readPayload<Schema extends z.ZodType>(schema: Schema, event: unknown): z.infer<Schema> {
  const read = schema.safeParse(event);
  if (read.success) return read.data;
  throw new PayloadError(`the event has another form than expected: ${z.prettifyError(read.error)}`);
}

export class PayloadError extends Error {
  override readonly name = 'PayloadError';
}
