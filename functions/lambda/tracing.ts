import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';

/**
 * Writes each call to X-Ray with its errors, and never with its answer: nodes are given tokens and secrets in
 * answers.
 */
export function traceCalls() {
  const tracer = new Tracer({ serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'sluice' });
  return captureLambdaHandler(tracer, { captureResponse: false });
}
