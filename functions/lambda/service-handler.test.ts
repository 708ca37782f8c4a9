import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';

const schema = z.object({ jobUid: z.string() });
const context = { functionName: 'sluice-test', awsRequestId: 'request-1', memoryLimitInMB: '512' } as never;

/** What Powertools writes goes to a console of its own in production; here to the process's. */
let lines: string[] = [];
beforeEach(() => {
  lines = [];
  vi.stubEnv('AWS_LAMBDA_INITIALIZATION_TYPE', 'on-demand');
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  for (const name of ['log', 'info', 'error'] as const)
    vi.spyOn(console, name).mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.resetModules();
});

describe('serviceHandler', () => {
  it('hands over what the schema has read', async () => {
    const { serviceHandler } = await import('./service-handler.ts');
    const handler = serviceHandler(schema, async ({ jobUid }) => ({ seen: jobUid }));
    expect(await handler({ jobUid: 'j-1', more: true }, context)).toEqual({ seen: 'j-1' });
  });

  it('refuses an event of another form by an error of its own name, which the state machine does not retry', async () => {
    const { serviceHandler } = await import('./service-handler.ts');
    const handler = serviceHandler(schema, async () => undefined);
    await expect(handler({ jobUid: 1 }, context)).rejects.toMatchObject({ name: 'PayloadError' });
  });

  it('writes the metrics of a call, the cold start among them, and logs with the id of the request', async () => {
    const { logger, metrics, serviceHandler } = await import('./service-handler.ts');
    const handler = serviceHandler(schema, async () => {
      metrics.addMetric('JobsSeen', 'Count', 1);
      logger.info('seen');
    });
    await handler({ jobUid: 'j-1' }, context);
    const written = lines.map((line) => JSON.parse(line));
    expect(written.find(({ message }) => message === 'seen')).toMatchObject({
      function_request_id: 'request-1',
    });
    expect(written.find(({ JobsSeen }) => JobsSeen === 1)?._aws.CloudWatchMetrics[0].Namespace).toBe(
      'Sluice',
    );
    expect(written.some(({ ColdStart }) => ColdStart === 1)).toBe(true);
  });
});
