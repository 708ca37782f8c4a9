import { expect, it } from 'vitest';
import { traceCalls } from './tracing.ts';

it('lets calls through, and writes nothing where there is no X-Ray', async () => {
  const { before, after } = traceCalls();
  const request = { event: {}, context: {}, response: { secret: 'open sesame' }, error: null, internal: {} };
  await before?.(request as never);
  await after?.(request as never);
  expect(request.response).toEqual({ secret: 'open sesame' });
});
