import { isSnsTopicName, parsePubsubTopic, parseTopicName } from '../contract/topic-name.ts';

/**
 * Which SNS topics jobs may name: an ARN with `{topic}` for a topic's own name and, if wanted, `{project}` for the project
 * of `projects/{project}/topics/{topic}`. In its account and region an ARN stands for itself.
 */
export type TopicRule = string;

/** What a name in a job comes to: a topic's ARN, or why there is none. */
export type FoundTopic = { readonly arn: string } | { readonly why: string };

/** The SNS topic that a job names, by the deployment's rule. */
export function findTopic(text: string, rule: TopicRule): FoundTopic {
  const name = parsePubsubTopic(text) ?? parseTopicName(text);
  if (name === undefined) return { why: 'it is no name of a topic' };
  if (name.arn !== undefined) {
    const region = regionOf(rule);
    return regionOf(name.arn) === region
      ? { arn: name.arn }
      : { why: `it is in another region than ${region}, where this deployment is` };
  }
  const topic = (rule.split(':').at(-1) ?? '')
    .replaceAll('{topic}', name.topic)
    .replaceAll('{project}', (name.project ?? '').replaceAll(/[^\w-]/g, '-'));
  if (!isSnsTopicName(topic)) return { why: `SNS has no topic with the name ${JSON.stringify(topic)}` };
  return { arn: [...rule.split(':').slice(0, -1), topic].join(':') };
}

function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}
