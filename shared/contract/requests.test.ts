import { describe, expect, it } from 'vitest';
import {
  readCancelJobRequest,
  readCreateJobQuery,
  readDeleteJobQuery,
  readEmptyQuery,
  readListJobsQuery,
  readListLocationsQuery,
  readListOperationsQuery,
  readListTasksQuery,
  readUpdateJobQuery,
} from './requests.ts';
import { outputOptions } from './system-parameters.ts';

const uuid = '7b3f0a52-3c1d-4f0e-9a55-0c7d7c7f1d11';

describe('query parameters', () => {
  it.each([
    ['jobId=a', readCreateJobQuery, { jobId: 'a' }],
    [`job_id=a&request_id=${uuid}`, readCreateJobQuery, { jobId: 'a', requestId: uuid }],
    ['jobId=&requestId=', readCreateJobQuery, {}],
    [
      'jobId=a&alt=json&$alt=json&key=k&prettyPrint=true&$.xgafv=2&$prettyPrint=0',
      readCreateJobQuery,
      { jobId: 'a' },
    ],
    ['reason=enough', readDeleteJobQuery, { reason: 'enough' }],
    ['update_mask=taskGroups', readUpdateJobQuery, { updateMask: 'taskGroups' }],
    [
      'page_size=10&pageToken=t&orderBy=name&filter=x',
      readListJobsQuery,
      { pageSize: 10, pageToken: 't', orderBy: 'name', filter: 'x' },
    ],
    ['pageSize=0', readListTasksQuery, { pageSize: 0 }],
    ['returnPartialSuccess=true', readListOperationsQuery, { returnPartialSuccess: true }],
    ['extraLocationTypes=a&extraLocationTypes=b', readListLocationsQuery, { extraLocationTypes: ['a', 'b'] }],
    ['alt=json', readEmptyQuery, undefined],
  ] as [string, (query: URLSearchParams) => unknown, unknown][])('%s', (query, read, expected) => {
    expect(read(new URLSearchParams(query))).toEqual(expected);
  });

  it.each([
    ['jobID=a', readCreateJobQuery, 'jobID: is not a field of CreateJobRequest (did you mean "jobId"?).'],
    ['jobId=A', readCreateJobQuery, 'jobId: must be a lowercase letter'],
    ['jobId=a&job_id=a', readCreateJobQuery, 'jobId: must be given once'],
    ['jobId=a&jobId=b', readCreateJobQuery, 'jobId: must be a string; given ["a","b"]'],
    ['requestId=1', readCreateJobQuery, 'requestId: must be a UUID other than the zero UUID; given "1"'],
    ['requestId=00000000-0000-0000-0000-000000000000', readDeleteJobQuery, 'other than the zero UUID'],
    ['pageSize=-1', readListJobsQuery, 'pageSize: must be 0 or more; given -1'],
    ['pageSize=ten', readListJobsQuery, 'pageSize: must be an integer'],
    ['constructor=1', readListJobsQuery, 'constructor: is not a field of ListJobsRequest'],
    ['__proto__=1', readListJobsQuery, '__proto__: is not a field of ListJobsRequest'],
    ['', readUpdateJobQuery, 'updateMask: must be taskGroups'],
    ['pageSize=1', readEmptyQuery, 'pageSize: is not a field of request'],
  ] as [string, (query: URLSearchParams) => unknown, string][])('refuses %s', (query, read, text) => {
    expect(() => read(new URLSearchParams(query))).toThrow(text);
  });
});

describe('the body of a cancel', () => {
  it('may be absent', () => {
    expect(readCancelJobRequest(undefined)).toEqual({});
    expect(readCancelJobRequest({ request_id: uuid })).toEqual({ requestId: uuid });
    expect(() => readCancelJobRequest({ requestId: 'x' })).toThrow('requestId: must be a UUID');
  });
});

describe('output options', () => {
  it.each([
    ['', false, true],
    ['$alt=json%3Benum-encoding=int', true, true],
    ['$alt=json;enum-encoding=int&$prettyPrint=0', true, false],
    ['alt=JSON&prettyPrint=false', false, false],
  ])('%s', (query, enumsAsNumbers, pretty) => {
    expect(outputOptions(new URLSearchParams(query))).toEqual({ enumsAsNumbers, pretty });
  });

  it.each(['alt=proto', 'alt=json;enum-encoding=octal', 'prettyPrint=constructor'])('refuses %s', (query) => {
    expect(() => outputOptions(new URLSearchParams(query))).toThrow('must be');
  });
});
