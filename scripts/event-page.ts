// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of parameters are written so.
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import {
  type EventName,
  eventNames,
  eventNamesOf,
  eventTable,
  isPublished,
  type SubjectKind,
  subjectKinds,
  subjectWords,
} from '../shared/contract/event.ts';
import { sampleNotifications } from '../shared/testing/events/told-notifications.ts';

interface Sample {
  readonly id: string;
  readonly subject: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly message: unknown;
}

const samples = JSON.parse(
  readFileSync(new URL('../shared/contract/event-samples.golden.json', import.meta.url), 'utf8'),
) as Record<EventName, Sample>;

/** The page of events, in Markdown: made of the table of names and of messages that tests hold the service to. */
export function eventPage(): string {
  return [
    '# Events',
    '',
    'Made by `scripts/write-event-page.ts` from the table of names and from golden samples in `shared/contract`; a test fails when it',
    'is out of date.',
    '',
    'Whatever changes in a job is published as a message in the form of Tencent Batch. An event exists because a record says',
    'so: there is no other way to make one, and none is lost when the service is killed at any moment. A message can come twice,',
    'then with the same `id`; whoever drops what it has seen has the messages of one `subject` in their order.',
    '',
    'Events of single tasks (`TASK_INSTANCE_…`) are many: they are made for jobs with the label `sluice-events: all`, and on one',
    'machine while somebody who follows asks for them.',
    '',
    ...places,
    '## Words',
    '',
    '| in messages | here | subject |',
    '|---|---|---|',
    ...subjectKinds.map(
      (kind) => `| ${subjectWords[kind].word} | ${subjectWords[kind].is} | \`${subjectShape[kind]}\` |`,
    ),
    '',
    '## Names',
    '',
    '| EventName | when | Batch |',
    '|---|---|---|',
    ...eventNames.map(
      (name) => `| [${name}](#${name.toLowerCase()}) | ${eventTable[name].when} | ${fieldsOf(name)} |`,
    ),
    '',
    '`EventVars` is beside the body and holds what a subscriber has asked for: pairs of `Name` and `Value`. It is empty else.',
    '',
    ...subjectKinds.flatMap(section),
    ...notificationSection,
  ].join('\n');
}

/** Where events go to, and how they look there. */
const places = [
  '## Where they go',
  '',
  'On one machine each message is a line of JSON: `id`, `subject`, `attributes` (for filters) and `message`, as in the samples below.',
  'Times are in whole seconds, UTC. Each of these goes through the lines at its own pace, and keeps its own place over restarts;',
  'one that is dead holds up no other.',
  '',
  '| where | what |',
  '|---|---|',
  '| `events/{YYYY-MM-DD}.jsonl` in the data folder | all events, and what jobs tell topics of their own (with `topic`); kept for 60 days |',
  '| `events/topics/{topic}.jsonl` | what jobs tell a topic of their own; never removed by the service |',
  '| `sluice serve --webhook URL` | a POST with each event, in the order of its subject |',
  '| `GET /v1/projects/{p}/locations/{l}/events`, `…/jobs/{j}/events` | server-sent events ([protocol](protocol.md)); `sluice events -f` reads them |',
  '',
  'A **webhook** is signed as [Standard Webhooks](https://www.standardwebhooks.com) says, with the secret of `--webhook-secret-file` or',
  '`SLUICE_WEBHOOK_SECRET` (`openssl rand -base64 32` makes one). It has taken a message when it answers 2xx. 400, 413 and 422 refuse',
  'one: after four tries it is put aside in `events/put-aside.jsonl`, and so is one that has been answered with other errors for an',
  'hour. A webhook that does not answer is tried again, less and less often, for as long as the lines are kept.',
  '',
  'In an AWS account the text of the message on SNS is `message`; its attributes are `attributes`, with `EventId` and `EventSubject`.',
  '`Labels` is a list, so that a filter policy `{"EventName": ["JOB_FAILED"], "Labels": ["team=search"]}` picks the failures of a team.',
  '',
  '| topic | events |',
  '|---|---|',
  '| `{name}-jobs.fifo` | of jobs |',
  '| `{name}-tasks.fifo` | of task groups and tasks |',
  '| `{name}-nodes.fifo` | of compute nodes and environments |',
  '',
  'These topics keep the order of each subject, and queues can subscribe to them. With the setting `orderedTopics=false` they are',
  'standard ones, without `.fifo`: functions, HTTP and e-mail can subscribe too, and SNS may change the order (decision 13). A message',
  'that SNS does not take goes to a queue with an alarm. DynamoDB tells changes of one record in order, not of several: the end of',
  'a task or a node therefore says its beginning once more, under the same id; of the starts of attempts at one task, a later can come',
  'before an earlier.',
  '',
];

const notifications = JSON.parse(
  readFileSync(new URL('../shared/contract/notification-samples.golden.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;

/** What jobs tell topics of their own. */
const notificationSection = [
  '## Topics of jobs',
  '',
  "A job's `notifications` name topics to tell. On one machine a topic is a file; in an AWS account `projects/{p}/topics/{t}`, or the",
  'name `{t}`, is the SNS topic `{t}` of the account and region, or what the setting `notificationTopics` makes of it, and an ARN is itself. A',
  'topic that does not exist, or that the deployment may not publish to, is refused when the job is created.',
  '',
  '```yaml',
  stringify({ notifications: sampleNotifications }).trimEnd(),
  '```',
  '',
  '`message` asks for changes of state in the form of Google Batch, of the job or of each task; without a state, for all. Attributes and',
  'text of job messages are as consumers of the real ones read them; those of tasks are by analogy, for none is published.',
  '',
  '`eventConfigs` asks for events in the form of Tencent Batch, each the message above, with parameters of your own: `${NAME}` in a',
  'value is a field of the event or of its `Batch`, `Project`, or `Labels.KEY`; `$$` is a dollar sign. `topic_name`, `event_configs` and',
  'names such as `JobFailed`, as in its user guide, are read too.',
  '',
  'Jobs with these notifications tell:',
  '',
  ...Object.values(notifications).flatMap((message) => [
    '```json',
    JSON.stringify(message, null, 2),
    '```',
    '',
  ]),
];

const subjectShape: Readonly<Record<SubjectKind, string>> = {
  job: '{job uid}',
  group: '{job uid}/{group}',
  task: '{job uid}/{group}/tasks/{index}',
  environment: '{job uid}/{group}/environment',
  node: '{job uid}/{group}/nodes/{seat}.{epoch}',
};

function fieldsOf(name: EventName): string {
  if (!isPublished(name)) return '';
  const [event] = (samples[name].message as { Events: { Batch: object }[] }).Events;
  return Object.keys(event?.Batch ?? {}).join(', ');
}

function section(kind: SubjectKind): string[] {
  const { word, is } = subjectWords[kind];
  return [`## ${word}: ${is}`, '', ...eventNamesOf(kind).flatMap(sample)];
}

function sample(name: EventName): string[] {
  const said = [`### ${name}`, '', sentence(eventTable[name].when), ''];
  if (!isPublished(name)) return said;
  return [...said, '```json', JSON.stringify(samples[name], null, 2), '```', ''];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
