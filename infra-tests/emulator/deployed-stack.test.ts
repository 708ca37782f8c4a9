import { describe, expect, it } from 'vitest';
import { deployedStack, whyNot } from './deployed-stack.ts';

const stack = deployedStack();

describe.skipIf(typeof stack === 'string')(`the deployed API${whyNot(stack)}`, () => {
  if (typeof stack === 'string') return;
  const { api, unsigned } = stack;

  it('refuses a call that nobody signed', async () => {
    await expect(unsigned.call('GET', `${unsigned.parent}/jobs`)).rejects.toThrow(/403/);
  });

  it('runs a job to its end', async () => {
    await api.createJob('smoke', {
      taskGroups: [{ taskSpec: { runnables: [{ script: { text: 'echo out of a node' } }] } }],
    });
    const job = await api.waitForEnd('smoke', 120);
    expect(job.status?.state).toBe('SUCCEEDED');
    expect(await api.lines('smoke')).toEqual(['out of a node']);
  });
});
