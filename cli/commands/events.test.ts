import { describe, expect, it } from 'vitest';
import { serviceForTest } from '../../local/testing/service-for-test.ts';
import { runCli } from '../run-cli.ts';
import { FakeHost } from '../testing/fake-host.ts';
import { FakeLocalParts } from '../testing/fake-local-parts.ts';
import { FakeService } from '../testing/fake-service.ts';

const { api } = serviceForTest();
const PLACE = ['--project', 'test', '--location', 'us-central1'];
const script = (text: string) => ({ taskGroups: [{ taskSpec: { runnables: [{ script: { text } }] } }] });

/** Runs the command; `seen` is called with all that it has printed so far. */
async function events(host: FakeHost, args: string[], seen: (text: string) => void = () => undefined) {
  const write = host.out.write.bind(host.out);
  host.out.write = (text) => {
    write(text);
    seen(host.out.text);
  };
  return runCli(['events', ...args, ...PLACE], host, new FakeLocalParts(() => undefined));
}

describe('sluice events --follow', () => {
  it('prints the history of a job as it is written, without asking again and again', async () => {
    await api().createJob('followed', script('sleep 0.3'));
    const host = new FakeHost();
    expect(await events(host, ['followed', '-f', '--tasks', '--endpoint', api().endpoint])).toBe(0);
    expect(host.out.text).toMatch(/Job state is set from SCHEDULED to RUNNING/);
    expect(host.out.text).toMatch(/group0\/0.*Task state is updated from RUNNING to SUCCEEDED/);
    expect(host.out.text).toMatch(/Job state is set from RUNNING to SUCCEEDED[^\n]*\n$/);
    expect(new Set(host.out.text.split('\n')).size).toBe(host.out.text.split('\n').length);
    expect(host.slept).toEqual([]);
  });

  it('ends at once for a job that has ended', async () => {
    const host = new FakeHost();
    expect(await events(host, ['followed', '-f', '--endpoint', api().endpoint])).toBe(0);
    expect(host.out.text).toMatch(/SUCCEEDED/);
  });

  it('of all jobs prints events as receivers have them, until Ctrl-C', async () => {
    const host = new FakeHost();
    const opened = Promise.withResolvers<void>();
    const following = events(host, ['-f', '--endpoint', api().endpoint], (text) => {
      opened.resolve();
      if (text.includes('JOB_SUCCEED  second')) host.interrupt();
    });
    // A first job until the stream is there, which nothing printed says otherwise.
    for (let at = 0; !host.out.text.includes('JOB_'); at += 1) {
      await api().createJob(`first-${at}`, script('true'));
      await api().waitForEnd(`first-${at}`);
    }
    await opened.promise;
    await api().createJob('second', script('true'));
    expect(await following).toBe(0);
    expect(host.out.text).toMatch(/COMPUTE_NODE_RUNNING {2}second\/group0\/nodes\/0\.1\n/);
    expect(host.out.text).toMatch(/JOB_SUCCEED {2}second {2}Job state is set from RUNNING to SUCCEEDED/);
  });

  it('looks at a job again and again where the service cannot be followed', async () => {
    let looks = 0;
    await using service = await FakeService.start(({ path }) => {
      if (path.endsWith('/events'))
        return { status: 501, json: { error: { code: 501, status: 'UNIMPLEMENTED', message: 'no' } } };
      looks += 1;
      const state = looks < 4 ? 'RUNNING' : 'SUCCEEDED';
      const statusEvents = [
        { type: 'STATUS_CHANGED', description: state, eventTime: '2026-11-22T14:00:00Z' },
      ];
      return {
        json: { name: 'projects/test/locations/us-central1/jobs/j1', status: { state, statusEvents } },
      };
    });
    const host = new FakeHost();
    expect(await events(host, ['j1', '-f', '--endpoint', service.endpoint])).toBe(0);
    expect(host.out.text.match(/RUNNING|SUCCEEDED/g)).toEqual(['RUNNING', 'SUCCEEDED']);
    expect(host.slept.length).toBeGreaterThan(0);
  });

  it('wants a job or --follow', async () => {
    const host = new FakeHost();
    expect(await events(host, [])).not.toBe(0);
    expect(host.err.text).toContain('name a job, or follow what happens to all jobs with --follow');
  });
});
