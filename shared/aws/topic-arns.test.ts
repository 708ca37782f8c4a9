import { describe, expect, it } from 'vitest';
import { findTopic } from './topic-arns.ts';

const account = 'arn:aws:sns:eu-west-1:123456789012';

describe('the topic that a job names', () => {
  it.each([
    ['projects/p/topics/done', '{topic}', 'done'],
    ['done', '{topic}', 'done'],
    ['done.fifo', '{topic}', 'done.fifo'],
    ['projects/my.org:p/topics/done', 'batch-{project}-{topic}', 'batch-my-org-p-done'],
    ['done', '{project}-{topic}', '-done'],
  ])('%s by %s is %s', (name, rule, topic) => {
    expect(findTopic(name, `${account}:${rule}`)).toEqual({ arn: `${account}:${topic}` });
  });

  it.each([`${account}:done`, 'arn:aws:sns:eu-west-1:999999999999:done'])('%s is itself', (arn) => {
    expect(findTopic(arn, `${account}:batch-{topic}`)).toEqual({ arn });
  });

  it.each([
    ['projects/p/topics/a.b', /SNS has no topic with the name "a\.b"/],
    ['arn:aws:sns:us-east-1:123456789012:done', /another region than eu-west-1/],
    ['projects/p/topics', /no name of a topic/],
  ])('%s is none', (name, why) => {
    expect(findTopic(name, `${account}:{topic}`)).toEqual({ why: expect.stringMatching(why) });
  });
});
