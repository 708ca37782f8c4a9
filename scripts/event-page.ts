import { readFileSync } from 'node:fs';
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
    'Made by `scripts/write-event-page.ts` from `shared/contract/event-names.ts` and `shared/contract/event-samples.golden.json`; a test',
    'fails when it is out of date.',
    '',
    'Whatever changes in a job is published as a message in the form of Tencent Batch. An event exists because a record says',
    'so: there is no other way to make one. A message can come twice, then with the same `id`.',
    '',
    'On one machine events are lines of `events/{YYYY-MM-DD}.jsonl` in the data folder: `id`, `subject` (messages of one subject',
    'come in their order), `attributes` (for filters) and `message`. Times are in whole seconds, UTC.',
    '',
    'Events of single tasks (`TASK_INSTANCE_…`) are many: they are made for jobs with the label `sluice-events: all`, and while',
    'somebody listens to them.',
    '',
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
  ].join('\n');
}

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
