import { describe, expect, it } from 'vitest';
import { JobFileError } from './job-file.ts';
import { parseJobFile } from './parse-job-file.ts';

const yaml = `# counts words
priority: 5
taskGroups:
  - taskCount: 3
    task_spec:
      runnables:
        - script: {text: echo hello}
        - scirpt:
            text: echo typo
      environment:
        variables:
          "A B": x
`;

const json = `{
  "taskGroups": [
    {"taskCount": 3,
     "taskSpec": {"runnables": [
       {"script": {"text": "echo"}}
     ]}}
  ]
}`;

function place(text: string, field: string) {
  const position = parseJobFile('job', text).locate({ field, description: 'is wrong' });
  return position && `${position.line}:${position.column}`;
}

describe('the place of a field', () => {
  it.each([
    { name: 'top level', text: yaml, field: 'priority', at: '2:1' },
    { name: 'in a list', text: yaml, field: 'taskGroups[0].taskCount', at: '4:5' },
    { name: 'a list item', text: yaml, field: 'taskGroups[0].taskSpec.runnables[1]', at: '8:11' },
    { name: 'snake_case in the file', text: yaml, field: 'taskGroups[0].taskSpec', at: '5:5' },
    { name: 'in braces', text: yaml, field: 'taskGroups[0].taskSpec.runnables[0].script.text', at: '7:20' },
    {
      name: 'a map key',
      text: yaml,
      field: 'taskGroups[0].taskSpec.environment.variables["A B"]',
      at: '12:11',
    },
    {
      name: 'what is missing, at what should hold it',
      text: yaml,
      field: 'taskGroups[0].parallelism',
      at: '4:5',
    },
    { name: 'missing at the top', text: yaml, field: 'logsPolicy.destination', at: undefined },
    { name: 'the whole job', text: yaml, field: '', at: '2:1' },
    { name: 'with job. in front', text: yaml, field: 'job.priority', at: '2:1' },
    { name: 'JSON', text: json, field: 'taskGroups[0].taskSpec.runnables[0].script.text', at: '5:20' },
    { name: 'JSON indented with tabs', text: '{\n\t"priority": 5\n}', field: 'priority', at: '2:2' },
    { name: 'behind an alias', text: 'a: &x {b: 1}\nc: *x\n', field: 'c.b', at: '1:8' },
  ])('$name', ({ text, field, at }) => {
    expect(place(text, field)).toBe(at);
  });
});

describe('what is read', () => {
  it.each([
    { name: 'YAML', text: 'priority: 5\nlabels: {a: b}\n', job: { priority: 5, labels: { a: 'b' } } },
    { name: 'JSON', text: '{"priority": "5"}', job: { priority: '5' } },
    { name: 'JSON with a byte order mark', text: '\uFEFF{"priority": 5}', job: { priority: 5 } },
    {
      name: 'JSON with comments and a trailing comma',
      text: '{\n # high\n "priority": 5,\n}',
      job: { priority: 5 },
    },
    {
      name: 'merge keys',
      text: 'a: &d {x: 1}\nb: {<<: *d, y: 2}\n',
      job: { a: { x: 1 }, b: { x: 1, y: 2 } },
    },
    {
      name: 'words that old YAML takes for booleans',
      text: 'labels: {a: yes, b: no, c: on}',
      job: { labels: { a: 'yes', b: 'no', c: 'on' } },
    },
  ])('$name', ({ text, job }) => {
    expect(parseJobFile('job', text).job).toEqual(job);
  });
});

describe('what is no job file', () => {
  it.each([
    {
      name: 'a tab as indentation',
      text: 'taskGroups:\n\t- taskCount: 1\n',
      error: '2:1 a tab is used for indentation; YAML allows spaces only',
    },
    { name: 'a key given twice', text: 'priority: 1\npriority: 2\n', error: '2:1 Map keys must be unique' },
    {
      name: 'two documents',
      text: 'priority: 1\n---\npriority: 2\n',
      error: '2:1 the file holds more than one document; a job file holds one job',
    },
    { name: 'a missing quote', text: 'labels:\n  a: "b\n', error: '3:1 Missing closing "quote' },
    {
      name: 'two colons',
      text: 'text: foo: bar',
      error: "1:7 a second ': ' in one line; is the indentation right, or are quotes missing?",
    },
    {
      name: 'unfinished JSON',
      text: '{\n "priority": [5\n}',
      error: "3:1 not valid JSON: Expected ',' or ']' after array element",
    },
    {
      name: 'an unknown alias',
      text: 'a: *b',
      error: ' Unresolved alias (the anchor must be set before the alias): b',
    },
    {
      name: 'nothing',
      text: '# only a comment\n',
      error: ' a job file holds an object with taskGroups; found nothing',
    },
    { name: 'a list', text: '- a\n', error: ' a job file holds an object with taskGroups; found a list' },
    { name: 'a text', text: 'hello', error: ' a job file holds an object with taskGroups; found a string' },
  ])('$name', ({ text, error }) => {
    expect(() => parseJobFile('job', text)).toThrow(JobFileError);
    try {
      parseJobFile('job', text);
    } catch (thrown) {
      const { position, message } = thrown as JobFileError;
      expect(`${position ? `${position.line}:${position.column}` : ''} ${message}`).toBe(error);
    }
  });
});
