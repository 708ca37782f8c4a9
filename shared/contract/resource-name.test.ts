import { describe, expect, it } from 'vitest';
import { formatAgentTaskId, parseAgentTaskId } from './agent-task-id.ts';
import { ApiError } from './error.ts';
import { JOB_ID, newJobId, newJobUid } from './job-id.ts';
import {
  formatJobName,
  formatLocationName,
  formatOperationName,
  formatTaskGroupName,
  formatTaskName,
  parseJobName,
  parseLocationName,
  parseOperationName,
  parseProjectName,
  parseTaskGroupName,
  parseTaskName,
  taskGroupId,
} from './resource-name.ts';

describe('resource names', () => {
  it.each([
    ['projects/lab/locations/us-east-1', parseLocationName, formatLocationName],
    ['projects/123456/locations/-', parseLocationName, formatLocationName],
    ['projects/example.com:lab/locations/eu/jobs/a', parseJobName, formatJobName],
    ['projects/lab/locations/l1/jobs/a-b/taskGroups/group0', parseTaskGroupName, formatTaskGroupName],
    ['projects/lab/locations/l1/jobs/a/taskGroups/group0/tasks/99999', parseTaskName, formatTaskName],
    ['projects/lab/locations/l1/operations/operation-1_x.Y', parseOperationName, formatOperationName],
  ])('%s', (text, parse, format) => {
    expect((format as (name: unknown) => string)(parse(text))).toBe(text);
  });

  it('are refused with the form they should have', () => {
    const text = 'projects/lab/locations/l1/jobs/Upper';
    expect(() => parseJobName(text)).toThrow(ApiError);
    expect(() => parseJobName(text)).toThrow(
      `name: must have the form projects/{project}/locations/{location}/jobs/{job}; given "${text}"`,
    );
    expect(() => parseLocationName('projects/lab')).toThrow('parent: must have the form');
    expect(() => parseTaskName(`${text}/taskGroups/group0/tasks/01`)).toThrow('must have the form');
    expect(() => parseProjectName('projects/')).toThrow('must have the form');
    expect(parseProjectName('projects/lab')).toEqual({ project: 'lab' });
    expect(taskGroupId(0)).toBe('group0');
  });
});

describe('agent task ids', () => {
  it('hold the task and its attempt', () => {
    const id = { jobUid: 'nf-1-2a-3b', groupId: 'group0', index: 17, attempt: 2 };
    expect(formatAgentTaskId(id)).toBe('task/nf-1-2a-3b-group0-17/2/0');
    expect(parseAgentTaskId('task/nf-1-2a-3b-group0-17/2/0')).toEqual(id);
  });

  it.each(['action/STARTUP/0/0/group0', 'task/x-group0-1/0', 'task/x-group0-01/0/0', 'task/group0-1/0/0'])(
    '%s is none',
    (text) => {
      expect(parseAgentTaskId(text)).toBeUndefined();
    },
  );
});

describe('job ids', () => {
  it('give uids that start with them', () => {
    expect(newJobUid('nf-506837f6-1696524435449', () => 0.999)).toBe(
      'nf-506837f6-169652-ffffffff-ffff-fffff',
    );
    expect(newJobUid('seventeen-letters-x', () => 0)).toBe('seventeen-letters-00000000-0000-00000');
  });

  it('are made up when there is none', () => {
    expect(newJobId(Math.random)).toMatch(JOB_ID);
  });

  it.each([
    ['a', true],
    ['a1-b', true],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
    ['1a', false],
    ['a-', false],
    ['A', false],
    ['', false],
  ])('%s: %s', (text, isValid) => {
    expect(JOB_ID.test(text)).toBe(isValid);
  });
});
