import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { functionRetries } from '../../cdk/state-machine/retries.ts';
import { failureWords } from '../../functions/give-up-job/failure-words.ts';
import { ApiUnderTest, aJob } from '../../functions/jobs-api/api-under-test.ts';
import { planJob } from '../../functions/plan-job/plan-job.ts';
import { RegistryClient } from '../../shared/aws/registry/registry-client.ts';
import { FakeRegistry, type Fault } from '../../shared/testing/fake-registry.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { CAPACITY, nodesUnderTest } from './nodes-under-test.ts';

let registry: FakeRegistry;
let host: string;
beforeEach(async () => {
  registry = new FakeRegistry();
  host = await registry.start();
  registry.keepImage('tools/bwa', { Cmd: ['bwa'] }, 'v1');
});
afterEach(() => registry.stop());

/** Plans a job whose one image is in the registry; what it failed with, if it did. */
async function planned(image = 'tools/bwa:v1'): Promise<Error | undefined> {
  const api = new ApiUnderTest(memoryStore());
  const pace = { sleep: async () => undefined, random: () => 0.5 };
  const client = new RegistryClient({ plainHttp: [host], pace });
  const { prepareNodes } = nodesUnderTest(api.deps, undefined, undefined, client);
  const runnables = [{ container: { imageUri: `${host}/${image}` } }];
  const uid = await api.create('job', aJob({ taskSpec: { runnables } }));
  await api.changeJob(uid, (record) => {
    record.state = 'SCHEDULED';
  });
  return planJob({ ...api.deps, prepareNodes }, CAPACITY, uid).then(
    () => undefined,
    (error: Error) => error,
  );
}

/** How often the state machine calls plan-job again after an error, and what it says in the job's history in the end. */
function ofRun(error: Error | undefined) {
  const { name = '', message = '' } = error ?? {};
  const retrier = functionRetries.find(({ ErrorEquals: names }) =>
    names.some((each) => each === name || each === 'States.ALL'),
  );
  const Cause = JSON.stringify({ errorType: name, errorMessage: message });
  return { again: retrier?.MaxAttempts, words: failureWords({ Error: name, Cause }) };
}

describe('a plan whose registry', () => {
  it('answers well is made', async () => {
    expect(await planned()).toBeUndefined();
  });

  it.each<[what: string, fault: Fault]>([
    ['has had too many requests', { status: 429 }],
    ['has an error', { status: 500 }],
    ['cuts its answer off', 'cut'],
    ['gives half an answer', 'half'],
  ])('%s, at first, is made all the same', async (_, fault) => {
    registry.faults.push(fault, fault, fault);
    expect(await planned()).toBeUndefined();
  });

  it.each<[what: string, fault: Fault, words: (image: string) => string]>([
    [
      'has had too many requests',
      { status: 429, body: '{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}' },
      (image) => `the registry of ${image} has had too many requests (slow down)`,
    ],
    ['has an error', { status: 500 }, (image) => `the registry of ${image} answers 500`],
    [
      'gives half an answer',
      'half',
      (image) => `the registry of ${image} gives half an answer, or a wrong one`,
    ],
    ['cuts its answer off', 'cut', (image) => `${host}, for ${image}, gives no whole answer`],
  ])(
    '%s, again and again, is tried five times a call, by six calls, and then says so',
    async (_, fault, words) => {
      registry.faults.push(...Array<Fault>(20).fill(fault));
      const { again, words: said } = ofRun(await planned());
      expect(registry.requests).toHaveLength(5);
      expect(again).toBe(5);
      expect(said.startsWith(words(`${host}/tools/bwa:v1`))).toBe(true);
    },
  );

  it.each<[what: string, image: string, deny: boolean, words: (image: string) => string]>([
    [
      'does not have the tag',
      'tools/bwa:v2',
      false,
      (image) => `there is no image ${image} in its registry (manifest unknown)`,
    ],
    [
      'does not have the image',
      'tools/no',
      false,
      (image) => `there is no image ${image} in its registry (manifest unknown)`,
    ],
    [
      'wants a login',
      'tools/bwa:v1',
      true,
      (image) =>
        `the registry denies ${image} (authentication required): it is private or is not there; a private one needs the container's username and password`,
    ],
  ])('%s fails the job at once', async (_, image, deny, words) => {
    if (deny) registry.auth = { scheme: 'basic', credentials: 'ana:open-sesame' };
    const { again, words: said } = ofRun(await planned(image));
    expect(registry.requests).toHaveLength(1);
    expect({ again, said }).toEqual({ again: 0, said: words(`${host}/${image}`) });
  });
});
