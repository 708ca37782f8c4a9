import { describe, expect, it } from 'vitest';
import type { Container, Runnable } from '../../contract/runnable.ts';
import { closedRefusals, isClosed } from './closed-network.ts';

const ECR = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
const network = { registries: [ECR, 'registry.test:5000'] };
const script: Runnable = { script: { text: 'true' } };
const barrier: Runnable = { barrier: {} };
const open = (imageUri = `${ECR}/tool`, more: Container = {}): Runnable => ({
  container: { imageUri, ...more },
});
const closed = (imageUri?: string, more: Container = {}) =>
  open(imageUri, { blockExternalNetwork: true, ...more });
const groupOf = (...runnables: Runnable[]) => ({ taskSpec: { runnables } });
const refusals = (runnables: Runnable[], of: typeof network | undefined = network, mirrors = {}) => [
  ...closedRefusals(groupOf(...runnables), 'taskGroups[1]', of, mirrors),
];
const at = (runnable: number, field: string) => `taskGroups[1].taskSpec.runnables[${runnable}].${field}`;

describe('a group is closed', () => {
  it.each<[boolean, string, Runnable[]]>([
    [true, 'when its containers ask for it', [closed(), barrier, closed()]],
    [false, 'not when none does', [open(), script, open(undefined, { blockExternalNetwork: false })]],
    [false, 'not without runnables', []],
  ])('%s: %s', (is, _, runnables) => {
    expect(isClosed(groupOf(...runnables))).toBe(is);
  });

  it('not when there is no group', () => {
    expect([isClosed(undefined), isClosed({})]).toEqual([false, false]);
  });
});

describe('what is refused of a closed group', () => {
  it.each<[string, Runnable[]]>([
    [
      'all closed, with a barrier between',
      [closed(), barrier, closed(`${ECR}/other@sha256:${'a'.repeat(64)}`)],
    ],
    ["a trial's registry", [closed('registry.test:5000/tools/x:1')]],
    ['what is no name: it is refused when it is looked up', [closed('UPPER CASE')]],
  ])('nothing of %s', (_, runnables) => {
    expect(refusals(runnables)).toEqual([]);
  });

  it('nothing of an open group, wherever its images are', () => {
    expect([...refusals([open('busybox'), script]), ...refusals([open('busybox')], undefined)]).toEqual([]);
  });

  it('all of it where there is no closed network: the sentence names the setting, once', () => {
    const found = [
      ...closedRefusals(groupOf(script, closed('busybox'), closed()), 'taskGroups[1]', undefined),
    ];
    expect(found).toEqual([
      [at(1, 'container.blockExternalNetwork'), expect.stringContaining('with the setting closedNetwork')],
    ]);
  });

  it('what beside a closed container is none: each by its path, with the path of the one that asks', () => {
    const why = expect.stringContaining(`${at(1, 'container')} wants closed`);
    expect(refusals([script, closed(), barrier, open()])).toEqual([
      [at(0, 'script'), why],
      [at(3, 'container.blockExternalNetwork'), why],
    ]);
  });

  it('an image that is elsewhere, with what is allowed and what was given', () => {
    const found = refusals([closed('busybox'), closed('222233334444.dkr.ecr.us-east-1.amazonaws.com/tool')]);
    expect(found.map(([field]) => field)).toEqual([at(0, 'container.imageUri'), at(1, 'container.imageUri')]);
    expect(found[0]?.[1]).toBe(
      `nodes of a closed network pull images from ${ECR}, registry.test:5000 only, and this one is in docker.io; push a copy there, or name a mirror with the setting registryMirrors; given "busybox"`,
    );
  });

  it('no image whose registry has a mirror within', () => {
    const mirrors = { 'docker.io': `${ECR}/docker-hub`, 'quay.io': 'elsewhere.test' };
    expect(refusals([closed('busybox')], network, mirrors)).toEqual([]);
    expect(refusals([closed('quay.io/x/y')], network, mirrors)[0]?.[1]).toContain('is in elsewhere.test');
    const login = { username: 'ana', password: 'p' };
    const [pulled] = refusals([closed('busybox', login)], network, mirrors);
    expect(pulled?.[1]).toContain(
      'this one is in docker.io; push a copy there, and leave out username and password; given "busybox"',
    );
  });
});
