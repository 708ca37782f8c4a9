import { describe, expect, it } from 'vitest';
import { type RefusedJob, RUN, SPEC, script, violationsOf, withRunnables } from './sample-jobs.ts';

const refused: RefusedJob[] = [
  [
    'an empty runnable',
    withRunnables({}),
    RUN,
    'must have exactly one of container, script and barrier; given none',
  ],
  [
    'two executables',
    withRunnables({ ...script, barrier: {} }),
    RUN,
    'must have only one of container, script, barrier; given script and barrier',
  ],
  [
    'an empty script',
    withRunnables({ script: {} }),
    `${RUN}.script`,
    'must have exactly one of text and path; given none',
  ],
  [
    'a blank text',
    withRunnables({ script: { text: ' \n' } }),
    `${RUN}.script.text`,
    'must be some text; given " \\n"',
  ],
  [
    'an empty path',
    withRunnables({ script: { path: '' } }),
    `${RUN}.script.path`,
    'must be some text; given ""',
  ],
  [
    'text and path',
    withRunnables({ script: { text: 'a', path: '/b' } }),
    `${RUN}.script`,
    'must have only one of path, text; given path and text',
  ],
  [
    'no image',
    withRunnables({ container: { commands: ['ls'] } }),
    `${RUN}.container.imageUri`,
    'is required: the image to run; given nothing',
  ],
  [
    'a network option of a blocked network',
    withRunnables({ container: { imageUri: 'a', blockExternalNetwork: true, options: '--network host' } }),
    `${RUN}.container.options`,
    'must not set --network with blockExternalNetwork; given "--network host"',
  ],
  [
    'a timeout of 0',
    withRunnables({ ...script, timeout: '0s' }),
    `${RUN}.timeout`,
    'must be longer than 0s; given "0s"',
  ],
  [
    'a timeout in minutes',
    withRunnables({ ...script, timeout: '5m' }),
    `${RUN}.timeout`,
    'must be a duration in seconds that ends in "s", such as "3600s" or "3.5s"; given "5m"',
  ],
  [
    'a display name twice',
    withRunnables({ ...script, displayName: 'a' }, { ...script, displayName: 'a' }),
    `${SPEC}.runnables[1].displayName`,
    'must be unique within the job; given "a"',
  ],
];

describe('runnables', () => {
  it.each(refused)('are refused for %s', (_, body, field, description) => {
    expect(violationsOf(body)).toContainEqual({ field, description });
  });
});
