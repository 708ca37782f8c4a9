import { describe, expect, it } from 'vitest';
import {
  ApiError,
  alreadyExists,
  invalidArgument,
  notFound,
  statusCodes,
  statusJson,
  unimplemented,
} from './error.ts';

describe('errors as JSON', () => {
  it('carry the HTTP status, the code and the violations', () => {
    const error = invalidArgument([{ field: 'a.b', description: 'must be 1; given 2' }]);
    expect(statusJson(error)).toEqual({
      error: {
        code: 400,
        message: 'Invalid request: a.b: must be 1; given 2.',
        status: 'INVALID_ARGUMENT',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: [{ field: 'a.b', description: 'must be 1; given 2' }],
          },
        ],
      },
    });
  });

  it('spell out three violations and count the rest', () => {
    const violations = ['a', 'b', 'c', 'd', 'e'].map((field) => ({ field, description: 'is wrong' }));
    expect(invalidArgument(violations).message).toBe(
      'Invalid request: a: is wrong; b: is wrong; c: is wrong; and 2 more.',
    );
    expect(invalidArgument(violations).violations).toHaveLength(5);
  });

  it.each([
    [notFound('x'), 404, 'NOT_FOUND'],
    [alreadyExists('x'), 409, 'ALREADY_EXISTS'],
    [unimplemented('allocationPolicy.placement', 'nodes have no racks'), 501, 'UNIMPLEMENTED'],
  ])('%s', (error, code, status) => {
    expect(statusJson(error).error).toMatchObject({ code, status });
  });

  it('say nothing of errors that are not meant for the caller', () => {
    expect(JSON.stringify(statusJson(new Error('password hunter2')))).not.toContain('hunter2');
    expect(statusJson('x').error.code).toBe(500);
  });

  it('may carry a reason', () => {
    const error = new ApiError('FAILED_PRECONDITION', 'No.', { reason: 'OUTDATED_AGENT' });
    expect(statusJson(error).error.details).toMatchObject([{ reason: 'OUTDATED_AGENT' }]);
  });

  it('have distinct gRPC numbers', () => {
    const numbers = Object.values(statusCodes).map(({ grpc }) => grpc);
    expect(new Set(numbers).size).toBe(16);
  });
});
