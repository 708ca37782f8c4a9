import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../contract/error.ts';
import { compileFilter } from './filter.ts';
import type { FilterFields } from './filter-fields.ts';
import { type FilterableJob, jobFields } from './job-fields.ts';
import { type FilterableTask, taskFields } from './task-fields.ts';

const job: FilterableJob = {
  name: 'projects/my-project/locations/us-central1/jobs/batch-system-test-job1',
  uid: 'batch-system-test-j-3a5bce7a-5d07-401b0',
  priority: '7',
  labels: { 'user-id': 'me', 'job-id': 'hello--me--260102-030405', env: '', 'goog.x': 'y' },
  createTime: '2026-01-02T03:04:05.123456789Z',
  updateTime: '2026-01-02T04:00:00Z',
  status: { state: 'RUNNING', runDuration: '90.5s' },
  allocationPolicy: {
    labels: { team: 'blue' },
    location: { allowedLocations: ['regions/us-central1', 'zones/us-central1-a'] },
  },
};
const task: FilterableTask = {
  name: 'projects/p/locations/l/jobs/j/taskGroups/group0/tasks/12',
  status: { state: 'RUNNING' },
};
const jobMatches = (filter: string): boolean => compileFilter(filter, jobFields)(job);
const taskMatches = (filter: string): boolean => compileFilter(filter, taskFields)(task);

describe('the filters that clients send', () => {
  it.each([
    // dsub: dstat and ddel
    [
      '(status.state="RUNNING" OR status.state="QUEUED" OR status.state="SCHEDULED") AND (labels."user-id" = "me") AND (labels."job-id" = "hello--me--260102-030405") AND (createTime >= "2026-01-01T00:00:00+00:00" AND createTime <= "2026-01-03T00:00:00.5+01:00")',
      true,
    ],
    ['(status.state="SUCCEEDED") AND (labels."user-id" = "me")', false],
    [
      '(labels."user-id" = "me" OR labels."user-id" = "you") AND (createTime >= "2026-01-02T03:04:05.123457+00:00")',
      false,
    ],
    // Airflow: list_jobs
    ['name:projects/my-project/locations/us-central1/jobs/batch-system-test-job*', true],
    ['name:projects/my-project/locations/us-central1/jobs/other*', false],
    // gcloud batch jobs list --filter
    ['status.state=RUNNING', true],
    ['status.state = RUNNING', true],
    ['status.state="RUNNING"', true],
    ['status.state:RUNNING', true],
    ['status.state=(FAILED OR RUNNING)', true],
    ['STATE=RUNNING', true],
    ['name:test-job1 AND labels.env:*', true],
    ['labels.user-id=me', true],
    ['labels.missing:*', false],
    ['createTime>2026-01-01T00:00:00Z -state:FAILED', true],
    ['create_time<2026-01-02T05:04:06+02:00', true],
  ])('jobs: %s', (filter, expected) => {
    expect(jobMatches(filter)).toBe(expected);
  });

  it.each([
    ['State=RUNNING', true],
    ['state=RUNNING', true],
    ['state=running', true],
    ['status.state = "RUNNING"', true],
    ['State=FAILED', false],
    ['State!=FAILED', true],
    ['', true],
    ['name:tasks/12', true],
  ])('tasks: %s', (filter, expected) => {
    expect(taskMatches(filter)).toBe(expected);
  });
});

describe('compileFilter', () => {
  it.each([
    ['priority = 7', true],
    ['priority > 10', false],
    ['priority > -1', true],
    ['priority:*', true],
    ['status.runDuration > 90s', true],
    ['status.run_duration = 90.500s', true],
    ['status.runDuration < 1.5s', false],
    ['name = "*-job1"', true],
    ['name = "projects/*/jobs/*"', true],
    ['name = "*-JOB1"', false],
    ['name != "*-job1"', false],
    ['name:*', true],
    ['name >= a AND name < q', true],
    ['uid:3A5BCE7A', true],
    ['labels:env', true],
    ['labels:nope', false],
    ['labels:*', true],
    ['labels.env = ""', true],
    ['labels.env:*', true],
    ['labels.nope = ""', false],
    ['labels.nope != "x"', true],
    ['labels.nope < "x"', false],
    ['labels.toString:*', false],
    ['labels.goog.x = y', true],
    ['labels.USER-ID:*', false],
    ['labels.user-id = "m*"', true],
    ['allocation_policy.labels.team = blue', true],
    ['allocationPolicy.location.allowedLocations:"zones/*"', true],
    ['allocationPolicy.location.allowedLocations:"zones/eu*"', false],
    ['allocationPolicy.serviceAccount.email:*', false],
    ['createTime = "2026-01-02T05:04:05.123456789+02:00"', true],
    ['createTime != "2026-01-02T03:04:05.123456788Z"', true],
    ['updateTime:*', true],
    ['SYSTEM-test', true],
    ['"hello--me"', true],
    ['nowhere', false],
    ['NOT nowhere', true],
  ])('%s', (filter, expected) => {
    expect(jobMatches(filter)).toBe(expected);
  });

  it('takes what is absent as its default, or as unset', () => {
    const matches = (filter: string): boolean => compileFilter(filter, jobFields)({});
    expect(matches('priority = 0')).toBe(true);
    expect(matches('priority:*')).toBe(false);
    expect(matches('state = STATE_UNSPECIFIED AND NOT state:*')).toBe(true);
    expect(matches('name = ""')).toBe(true);
    expect(matches('createTime < "2026-01-01T00:00:00Z"')).toBe(false);
    expect(matches('createTime != "2026-01-01T00:00:00Z"')).toBe(true);
    expect(matches('labels:* OR labels.a:* OR allocationPolicy.location.allowedLocations:*')).toBe(false);
  });

  it.each([
    ['done = false', 'at character 1, unknown field "done"; allowed: name, uid, state, status.state, '],
    ['a=1 foo.bar=2', 'at character 1, unknown field "a"'],
    ['status = RUNNING', 'at character 1, unknown field "status"'],
    [
      'state = OPEN',
      'at character 9, "OPEN" is no value of state; allowed: STATE_UNSPECIFIED, QUEUED, SCHEDULED,',
    ],
    ['state > QUEUED', 'at character 1, state is an enum, which cannot take >; allowed: = != :'],
    [
      'createTime > yesterday',
      'at character 14, "yesterday" is no value of createTime; allowed: a time as in RFC 3339',
    ],
    ['createTime > 2026-01-01', '"2026-01-01" is no value of createTime'],
    ['createTime = *', '"*" is no value of createTime'],
    ['priority = high', 'at character 12, "high" is no value of priority; allowed: a whole number'],
    ['priority = 1.5', 'allowed: a whole number'],
    [
      'status.runDuration > 90',
      '"90" is no value of status.runDuration; allowed: seconds with an s, such as 3600s or 1.5s',
    ],
    ['labels = x', 'at character 1, labels is a map, which cannot take =; allowed: :'],
    ['allocationPolicy.location.allowedLocations = x', 'is a list, which cannot take =; allowed: :'],
    [
      'state RUNNING',
      'at character 1, found "state" alone, expected a comparator (= != < <= > >= :) and a value after it',
    ],
    ['NOT status.state', 'at character 5, found "status.state" alone'],
  ])('refuses %s', (filter, message) => {
    expect(() => compileFilter(filter, jobFields)).toThrow(message);
  });

  it('compares bools', () => {
    const fields: FilterFields<{ done?: boolean }> = { done: { kind: 'bool', of: (item) => item.done } };
    expect(compileFilter('done = true', fields)({ done: true })).toBe(true);
    expect(compileFilter('done != true', fields)({ done: true })).toBe(false);
    expect(compileFilter('done = FALSE', fields)({})).toBe(true);
    expect(compileFilter('done:*', fields)({ done: true })).toBe(true);
    expect(() => compileFilter('done = 1', fields)).toThrow('"1" is no value of done; allowed: true, false');
    expect(() => compileFilter('done > false', fields)).toThrow('done is a bool, which cannot take >');
  });

  it('throws nothing but INVALID_ARGUMENT, whatever the text', () => {
    const pieces = [
      'state',
      'labels',
      '.',
      '=',
      ':',
      'RUNNING',
      '*',
      ' ',
      '(',
      ')',
      ' OR ',
      'createTime',
      '>',
      'priority',
      '9',
      's',
      '"',
    ];
    const noise = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(noise, fc.string({ unit: 'binary' })), (text) => {
        try {
          expect(typeof compileFilter(text, jobFields)(job)).toBe('boolean');
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          expect(error.status).toBe('INVALID_ARGUMENT');
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('answers within a second on the costliest filter', () => {
    const wildcards = compileFilter(`name = "${'*a'.repeat(4990)}"`, jobFields);
    const many = compileFilter('a '.repeat(5000).trim(), jobFields);
    const started = performance.now();
    for (let i = 0; i < 10; i += 1) {
      expect(wildcards({ name: 'a'.repeat(4000) })).toBe(false);
      expect(many(job)).toBe(true);
    }
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
