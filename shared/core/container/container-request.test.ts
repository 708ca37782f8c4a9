import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argumentsOf } from './arguments-of.ts';
import { readContainer } from './container-request.ts';
import { parseContainerOptions } from './parse-options.ts';
import { splitWords } from './split-words.ts';

const none = { environment: {}, ulimits: [], init: false, readOnly: false, volumes: [] };

describe('the options of a container', () => {
  it.each<[text: string, options: object]>([
    ['', {}],
    [
      '--env A=1 -e B="two words" --env=C=x=y -eD=',
      { environment: { A: '1', B: 'two words', C: 'x=y', D: '' } },
    ],
    ['--user 1000:1000', { user: '1000:1000' }],
    ['-u nobody', { user: 'nobody' }],
    ['--workdir=/srv', { workDir: '/srv' }],
    ['--entrypoint ""', { entrypoint: '' }],
    ["--entrypoint '/bin/my sh'", { entrypoint: '/bin/my sh' }],
    ['--shm-size 64m', { shmBytes: 64 * 2 ** 20 }],
    ['--shm-size=1GB', { shmBytes: 2 ** 30 }],
    ['--shm-size 512', { shmBytes: 512 }],
    [
      '--ulimit nofile=1024:2048 --ulimit core=-1',
      {
        ulimits: [
          { name: 'nofile', soft: 1024, hard: 2048 },
          { name: 'core', soft: -1, hard: -1 },
        ],
      },
    ],
    ['--init', { init: true }],
    ['--init=false --read-only=true', { readOnly: true }],
    ['--network none', { network: 'none' }],
    ['--net=host', { network: 'host' }],
    ['--network default', { network: 'bridge' }],
    ['-v /a:/b:ro --volume /c:/d', { volumes: ['/a:/b:ro', '/c:/d'] }],
    ['  --init\n\t--read-only  ', { init: true, readOnly: true }],
  ])('%s', (text, options) => {
    expect(parseContainerOptions(text)).toEqual({ options: { ...none, ...options }, problems: [] });
  });

  it.each<[text: string, ...problems: string[]]>([
    ['--gpus all', '--gpus cannot be given: nodes have no GPUs'],
    [
      '--privileged',
      '--privileged is not supported; supported are --env, --user, --workdir, --entrypoint, --shm-size, --ulimit, --init, --network, --read-only, --volume',
    ],
    ['--env HOME', '--env must be NAME=VALUE; given "HOME"'],
    ['--env', '--env needs a value; given none'],
    ['--user ""', '--user must not be empty; given ""'],
    ['--workdir srv', '--workdir must be an absolute path; given "srv"'],
    ['--shm-size lots', '--shm-size must be a size such as 64m (units b, k, m, g); given "lots"'],
    [
      '--ulimit nofile=5:3',
      '--ulimit must have a soft limit that is at most the hard one; given "nofile=5:3"',
    ],
    [
      '--ulimit nofile=-1:3',
      '--ulimit must have a soft limit that is at most the hard one; given "nofile=-1:3"',
    ],
    ['--network mine', '--network must be one of bridge, host, none; given "mine"'],
    ['--init=maybe', '--init must be true or false; given "maybe"'],
    ['--env "A=1', 'has a " that is not closed'],
  ])('%s is refused', (text, ...problems) => {
    expect(parseContainerOptions(text).problems.map(({ why }) => why)).toEqual(problems);
  });

  it('are refused all at once, each by its name', () => {
    const { problems } = parseContainerOptions(
      '--cap-add SYS_ADMIN stray --device=/dev/fuse --init --ulimit x=1',
    );
    expect(problems.map(({ kind, why }) => `${kind} ${why.split(' ', 1)[0]}`)).toEqual([
      'UNSUPPORTED --cap-add',
      'UNSUPPORTED "stray"',
      'UNSUPPORTED --device',
      'INVALID --ulimit',
    ]);
  });

  it('are words as a shell would quote them', () => {
    const word = fc.string({ minLength: 1 });
    const inSingle = (text: string) => `'${text.replaceAll("'", `'"'"'`)}'`;
    const inDouble = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
    const quote = fc.constantFrom(inSingle, inDouble);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, quote)), (words) => {
        const line = words.map(([text, form]) => form(text)).join(' \t');
        expect(splitWords(line)).toEqual(words.map(([text]) => text));
      }),
    );
  });
});

describe('what a container finds mounted', () => {
  const disk = { deviceName: 'data', mountPath: '/mnt/disks/data/' };
  const mountsOf = (container: object, volumes: object[] = [disk]) =>
    readContainer({ imageUri: 'busybox', ...container }, volumes).request.mounts.map(
      ({ origin, source, target, readOnly }) => `${origin} ${source}:${target}${readOnly ? ':ro' : ''}`,
    );

  it.each<[name: string, container: object, mounts: string[]]>([
    ['each volume of the task where it names none', {}, ['volume /mnt/disks/data:/mnt/disks/data']],
    ['only what it names', { volumes: ['/in:/in:ro'] }, ['node /in:/in:ro']],
    ['a part of a volume', { volumes: ['/mnt/disks/data/a/../b:/b:rw'] }, ['volume /mnt/disks/data/b:/b']],
    ['a path beside a volume', { volumes: ['/mnt/disks/database:/b'] }, ['node /mnt/disks/database:/b']],
    [
      'what its options add',
      { options: '-v /x/:/y/' },
      ['volume /mnt/disks/data:/mnt/disks/data', 'node /x:/y'],
    ],
  ])('%s', (_, container, mounts) => {
    expect(mountsOf(container)).toEqual(mounts);
  });

  it('nothing, for a task without volumes', () => {
    expect(mountsOf({}, [])).toEqual([]);
  });

  it.each<[volumes: string[], field: string, why: RegExp]>([
    [['relative:/b'], 'volumes[0]', /^must be \/path\/on\/node:\/path\/in\/container.*given "relative:\/b"$/],
    [['/a:/b', '/c'], 'volumes[1]', /given "\/c"/],
    [['/a:b'], 'volumes[0]', /given "\/a:b"/],
    [['/a:/b:z'], 'volumes[0]', /given "\/a:\/b:z"/],
    [['/a:/b:ro:x'], 'volumes[0]', /given/],
    [['/a:/'], 'volumes[0]', /given/],
    [['/a:/b', '/c:/b/'], 'volumes[1]', /^must not mount a second thing at \/b$/],
  ])('%j is refused', (volumes, field, why) => {
    const { problems } = readContainer({ imageUri: 'busybox', volumes }, []);
    expect(problems).toEqual([{ kind: 'INVALID', field, why: expect.stringMatching(why) }]);
  });
});

describe('a container', () => {
  it.each<[container: object, field: string, why: string]>([
    [{ imageUri: 'Busy Box' }, 'imageUri', '"Busy Box" is no image name'],
    [{ username: 'ana' }, 'password', 'is required: username and password are given together'],
    [{ password: 'x' }, 'username', 'is required'],
  ])('%j is refused', (container, field, why) => {
    const { problems } = readContainer({ imageUri: 'busybox', ...container }, []);
    expect(problems).toEqual([{ kind: 'INVALID', field, why: expect.stringContaining(why) }]);
  });
});

describe('the words that a container runs', () => {
  const image = { entrypoint: ['/entry', '-x'], command: ['serve'] };
  it.each<[container: object, words: string[]]>([
    [{}, ['/entry', '-x', 'serve']],
    [{ commands: ['a', 'b'] }, ['/entry', '-x', 'a', 'b']],
    [{ entrypoint: '/bin/sh' }, ['/bin/sh']],
    [{ entrypoint: '/bin/sh', commands: ['-c', 'a'] }, ['/bin/sh', '-c', 'a']],
    [{ entrypoint: '', commands: ['/bin/ls'] }, ['/bin/ls']],
    [{ entrypoint: '' }, []],
    [{ options: '--entrypoint /bin/cat', commands: ['f'] }, ['/bin/cat', 'f']],
    [{ entrypoint: '/bin/sh', options: '--entrypoint /bin/cat' }, ['/bin/sh']],
  ])('%j', (container, words) => {
    const { request } = readContainer({ imageUri: 'i', ...container }, []);
    expect(argumentsOf(request, image)).toEqual(words);
  });
});
