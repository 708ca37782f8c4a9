/** A topic as a job names it. */
export interface TopicName {
  /** Its own name, without the project or account. */
  readonly topic: string;
  /** Of `projects/{project}/topics/{topic}`. */
  readonly project?: string;
  /** Of `arn:…:sns:{region}:{account}:{topic}`: the whole. */
  readonly arn?: string;
}

/** As Google Pub/Sub's, which are 3 to 255 long; a name that begins with no letter, such as `..`, is none. */
const PUBSUB = /^projects\/([^/]+)\/topics\/([A-Za-z][\w.~+%-]{0,254})$/;
/** CreateTopic of SNS: up to 256 letters, digits, `-` and `_`, and the end `.fifo` of an ordered topic. */
const SNS_NAME = /^[\w-]{1,256}$|^[\w-]{1,251}\.fifo$/;
const SNS_ARN = /^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:([\w-]{1,256}|[\w-]{1,251}\.fifo)$/;

export const TOPIC_FORMS = {
  pubsubTopic: 'of the form projects/{project}/topics/{topic}, or the ARN of an SNS topic',
  topicName: "a topic's name of up to 256 letters, digits, - and _, or the ARN of an SNS topic",
} as const;

/** Reads Google's form and ARNs; undefined for any other. */
export function parsePubsubTopic(text: string): TopicName | undefined {
  const [, project, topic] = PUBSUB.exec(text) ?? [];
  if (project !== undefined && topic !== undefined) return { topic, project };
  return parseTopicArn(text);
}

/** Reads plain names and ARNs; undefined for any other. */
export function parseTopicName(text: string): TopicName | undefined {
  return SNS_NAME.test(text) ? { topic: text } : parseTopicArn(text);
}

/** Whether SNS can have a topic of that name. */
export function isSnsTopicName(topic: string): boolean {
  return SNS_NAME.test(topic);
}

function parseTopicArn(text: string): TopicName | undefined {
  const topic = SNS_ARN.exec(text)?.[1];
  return topic === undefined ? undefined : { topic, arn: text };
}
