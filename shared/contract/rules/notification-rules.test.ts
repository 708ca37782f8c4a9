// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of parameters are written so.
import { describe, expect, it } from 'vitest';
import { aJob, type RefusedJob, violationsOf } from './sample-jobs.ts';

const VARS = 'notifications[0].eventConfigs[0].eventVars[0]';
const withVars = (...eventVars: object[]) =>
  aJob({ notifications: [{ topicName: 'jobs', eventConfigs: [{ eventName: 'JOB_FAILED', eventVars }] }] });

const refused: RefusedJob[] = [
  [
    'a topic of another form',
    aJob({ notifications: [{ pubsubTopic: 'jobs' }] }),
    'notifications[0].pubsubTopic',
    'must be of the form projects/{project}/topics/{topic}, or the ARN of an SNS topic; given "jobs"',
  ],
  [
    'a topic whose name is a path',
    aJob({ notifications: [{ pubsubTopic: 'projects/p/topics/..' }] }),
    'notifications[0].pubsubTopic',
    'must be of the form projects/{project}/topics/{topic}, or the ARN of an SNS topic; given "projects/p/topics/.."',
  ],
  [
    'two topics',
    aJob({ notifications: [{ pubsubTopic: 'projects/p/topics/jobs', topicName: 'jobs' }] }),
    'notifications[0]',
    'must have one of pubsubTopic and topicName; given both',
  ],
  [
    'a topic name with a slash',
    aJob({ notifications: [{ topicName: 'a/b' }] }),
    'notifications[0].topicName',
    'must be a topic\'s name of up to 256 letters, digits, - and _, or the ARN of an SNS topic; given "a/b"',
  ],
  [
    'events without a topic',
    aJob({ notifications: [{ eventConfigs: [{ eventName: 'JOB_FAILED' }] }] }),
    'notifications[0]',
    'must have a topicName or a pubsubTopic for its eventConfigs; given neither',
  ],
  [
    'an event that is never published',
    aJob({ notifications: [{ topicName: 'jobs', eventConfigs: [{ eventName: 'JOB_FAILED_INTERRUPTED' }] }] }),
    'notifications[0].eventConfigs[0].eventName',
    expect.stringMatching(/^must be one of JOB_RUNNING, JOB_SUCCEED, .*; given "JOB_FAILED_INTERRUPTED"$/),
  ],
  [
    'an event that is named twice, once in the words of the user guide',
    aJob({
      notifications: [
        { topicName: 'jobs', eventConfigs: [{ eventName: 'JOB_FAILED' }, { event_name: 'JobFailed' }] },
      ],
    }),
    'notifications[0].eventConfigs[1].eventName',
    'must be named once a notification; given JOB_FAILED again',
  ],
  [
    'an event without a name',
    aJob({ notifications: [{ topicName: 'jobs', eventConfigs: [{}] }] }),
    'notifications[0].eventConfigs[0]',
    'must have an eventName; given none',
  ],
  [
    'a parameter that names what the event has not',
    withVars({ name: 'code', value: 'code ${ExitCode} of ${JobName}' }),
    `${VARS}.value`,
    expect.stringMatching(
      /^must name what JOB_FAILED has: EventName, .*JobName.* or Labels\.KEY; given \$\{ExitCode\}$/,
    ),
  ],
  [
    'a parameter without a name',
    withVars({ value: 'x' }),
    `${VARS}.name`,
    'must be 1 to 64 characters; given ""',
  ],
  [
    'a value that is too long',
    withVars({ name: 'a', value: 'x'.repeat(1025) }),
    `${VARS}.value`,
    'must be at most 1024 characters; given 1025',
  ],
  [
    'a message about both',
    aJob({ notifications: [{ message: { type: 1, newTaskState: 'FAILED' } }] }),
    'notifications[0].message',
    'must be about the job or about its tasks, not both; given type JOB_STATE_CHANGED and newTaskState FAILED',
  ],
];

describe('notifications', () => {
  it.each(refused)('are refused for %s', (_, body, field, description) => {
    expect(violationsOf(body)).toContainEqual({ field, description });
  });

  const arn = 'arn:aws:sns:eu-west-1:123456789012:jobs.fifo';
  it.each([
    ['a topic of Pub/Sub', [{ pubsubTopic: 'projects/p/topics/jobs' }]],
    ['an ARN in its place', [{ pubsubTopic: arn }]],
    ['a name, and an ARN in its place', [{ topicName: 'jobs' }, { topicName: arn }]],
    [
      "the sample of Tencent Batch's user guide",
      [
        {
          event_configs: [
            { event_name: 'JobFailed' },
            { event_name: 'JobSucceed', event_vars: [{ name: 'jobSucceed', value: 'Success' }] },
          ],
          topic_name: 'job-message',
        },
      ],
    ],
    [
      'parameters with what an event has',
      [
        {
          topicName: 'jobs',
          eventConfigs: [
            {
              eventName: 'TASK_INSTANCE_FAILED',
              eventVars: [
                { name: 'cost', value: '$$5 for ${TaskInstanceIndex}: ${ExitCode} ${Labels.team}' },
              ],
            },
          ],
        },
      ],
    ],
  ])('are taken for %s', (_, notifications) => {
    expect(violationsOf(aJob({ notifications }))).toEqual([]);
  });
});
