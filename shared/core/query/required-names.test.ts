import { describe, expect, it } from 'vitest';
import { jobStates } from '../../contract/states.ts';
import { requiredJobStates } from './job-fields.ts';
import { requiredTaskStates } from './task-fields.ts';

describe('the states that a filter asks for', () => {
  it.each([
    ['state=RUNNING', ['RUNNING']],
    ['(status.state="RUNNING" OR status.state="QUEUED") AND labels.a="b"', ['QUEUED', 'RUNNING']],
    ['state=RUNNING OR labels.a=b', undefined],
    ['NOT state=RUNNING priority=1', Object.keys(jobStates).filter((state) => state !== 'RUNNING')],
    ['NOT (state!=RUNNING OR priority=1)', ['RUNNING']],
    ['state=RUNNING state=FAILED', []],
    ['state:* OR state:STATE_UNSPECIFIED', undefined],
    ['', undefined],
    ['search', undefined],
  ])('%s', (filter, states) => {
    expect(requiredJobStates(filter)).toEqual(states);
  });

  it('knows those of tasks', () => {
    expect(requiredTaskStates('State=pending')).toEqual(['PENDING']);
  });
});
