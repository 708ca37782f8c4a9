import { describe, expect, it } from 'vitest';
import { readContainer } from '../../../shared/core/container/container-request.ts';
import { createBody } from './create-body.ts';

const source = { taskId: 'task/u-group0-3/1/0', index: 3, attempt: 1, runnable: 2 };
const place = {
  image: { id: 'sha256:1', user: '', setsHome: false },
  processors: 4,
  labels: { 'sluice.job-uid': 'u' },
  binds: ['/v/mnt:/mnt'],
  mounts: [{ Type: 'bind', Source: '/in', Target: '/in', ReadOnly: true } as const],
  network: 'bridge',
};
const bodyOf = (container: object, given: object = {}) => {
  const { request } = readContainer({ imageUri: 'busybox', ...container }, []);
  return createBody({ source, request, environment: { A: '1' }, ...given }, place);
};

describe('what the engine is asked to create', () => {
  it('is little for a plain container', () => {
    expect(bodyOf({})).toEqual({
      Image: 'sha256:1',
      Env: ['A=1'],
      Labels: { 'sluice.job-uid': 'u', 'sluice.task': 'task/u-group0-3/1/0', 'sluice.runnable': '2' },
      AttachStdout: true,
      AttachStderr: true,
      HostConfig: {
        Binds: ['/v/mnt:/mnt'],
        Mounts: place.mounts,
        NetworkMode: 'bridge',
        LogConfig: { Type: 'none' },
        Ulimits: [],
      },
    });
  });

  it.each<[container: object, body: object]>([
    [{ commands: ['a', 'b'] }, { Cmd: ['a', 'b'] }],
    [{ entrypoint: '/bin/sh' }, { Entrypoint: ['/bin/sh'] }],
    [{ entrypoint: '' }, { Entrypoint: [''] }],
    [{ options: '--user 7 --workdir /w' }, { User: '7', WorkingDir: '/w' }],
  ])('%j', (container, body) => {
    expect(bodyOf(container)).toMatchObject(body);
  });

  it('is nothing of root where that must not be', () => {
    const user = (options: string, image: object = {}) => {
      const { request } = readContainer({ imageUri: 'busybox', options }, []);
      const own = { ...place.image, ...image };
      return createBody({ source, request, environment: {}, isNonRoot: true }, { ...place, image: own });
    };
    const noNew = { HostConfig: { SecurityOpt: ['no-new-privileges'] } };
    expect(user('')).toMatchObject({ User: '48484:48484', Env: ['HOME=/tmp'], ...noNew });
    expect(user('--env A=1', { user: '0', setsHome: true })).toMatchObject({ User: '48484:48484', Env: [] });
    expect(user('', { user: 'app' })).toMatchObject({ User: 'app', Env: [], ...noNew });
    expect(user('--user 7')).toMatchObject({ User: '7', Env: [], ...noNew });
  });

  it.each<[options: string, host: object]>([
    ['--init', { Init: true }],
    ['--read-only', { ReadonlyRootfs: true }],
    ['--shm-size 1m', { ShmSize: 2 ** 20 }],
    ['--ulimit nofile=5:6', { Ulimits: [{ Name: 'nofile', Soft: 5, Hard: 6 }] }],
  ])('%s', (options, host) => {
    expect(bodyOf({ options })).toMatchObject({ HostConfig: host });
  });

  it.each<[limits: object, host: object]>([
    [{ cpuMilli: 1500 }, { NanoCpus: 1_500_000_000 }],
    [{ memoryMib: 64 }, { Memory: 64 * 2 ** 20, MemorySwap: 64 * 2 ** 20 }],
    [{ memoryMib: 1 }, { Memory: 6 * 2 ** 20 }],
  ])('%j', (limits, host) => {
    expect(bodyOf({}, limits)).toMatchObject({ HostConfig: host });
  });

  it('has no limit of processors where the machine has no more', () => {
    expect(bodyOf({}, { cpuMilli: 4000 })).not.toMatchObject({ HostConfig: { NanoCpus: expect.anything() } });
  });
});
