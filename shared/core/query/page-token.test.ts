import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../contract/error.ts';
import { decodePageToken, encodePageToken, type ListQuery } from './page-token.ts';

const query: ListQuery = { parent: 'projects/p/locations/l', filter: 'state=RUNNING', orderBy: 'name' };

describe('page tokens', () => {
  it('carry any key through a URL', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ unit: 'binary' }),
        (key, filter) => {
          const token = encodePageToken(key, { ...query, filter });
          expect(token).toMatch(/^[\w-]+$/);
          expect(decodePageToken(token, { ...query, filter })).toBe(key);
        },
      ),
    );
  });

  it('are absent on the first page', () => {
    expect(decodePageToken(undefined, query)).toBeUndefined();
    expect(decodePageToken('', query)).toBeUndefined();
  });

  it('take an absent filter and an empty one as the same', () => {
    const token = encodePageToken('k', { parent: 'p' });
    expect(decodePageToken(token, { parent: 'p', filter: '', orderBy: undefined })).toBe('k');
  });

  it.each<[string, ListQuery]>([
    ['parent', { ...query, parent: 'projects/p/locations/m' }],
    ['filter', { ...query, filter: 'state=FAILED' }],
    ['orderBy', { ...query, orderBy: 'name desc' }],
    ['what moves from one to another', { parent: query.parent, filter: 'state=RUNNINGname' }],
  ])('are refused with another %s', (_what, other) => {
    expect(() => decodePageToken(encodePageToken('k', query), other)).toThrow(
      'pageToken: was given out for another parent, filter or orderBy',
    );
  });

  it.each(['x', '2', '!!!', 'bnVsbA', 'WzFd', 'WzEsMiwzXQ', 'WzIsImEiLCJiIl0', 'A'.repeat(5000)])(
    'are refused when they are garbage: %s',
    (token) => {
      expect(() => decodePageToken(token, query)).toThrow('pageToken: is not a page token');
    },
  );

  it('throw nothing but INVALID_ARGUMENT, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ minLength: 1 }), fc.base64String({ minLength: 1 })), (token) => {
        expect(() => decodePageToken(token, query)).toThrow(ApiError);
      }),
    );
  });
});
