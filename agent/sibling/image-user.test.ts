import { describe, expect, it } from 'vitest';
import { findUser, UnknownUserError } from './image-user.ts';

const accounts = {
  passwd: [
    'root:x:0:0:root:/root:/bin/sh',
    '# a comment',
    'app:x:1000:1001::/home/app:/bin/sh',
    'daemon:x:1:1::/usr/sbin:',
    '77:x:1002:1002::/odd:/bin/sh',
    'broken',
    '',
  ].join('\n'),
  group: ['root:x:0:root', 'app:x:1001:', 'video:x:44:app,daemon', 'staff:x:50:app', 'nobody:x:99:'].join(
    '\n',
  ),
};

describe('findUser', () => {
  it.each([
    ['', { uid: 0, gid: 0, groups: [], home: '/root' }],
    ['root', { uid: 0, gid: 0, groups: [], home: '/root' }],
    ['app', { uid: 1000, gid: 1001, groups: [44, 50], home: '/home/app' }],
    ['1000', { uid: 1000, gid: 1001, groups: [44, 50], home: '/home/app' }],
    ['app:video', { uid: 1000, gid: 44, groups: [], home: '/home/app' }],
    ['app:7', { uid: 1000, gid: 7, groups: [], home: '/home/app' }],
    ['app:', { uid: 1000, gid: 1001, groups: [44, 50], home: '/home/app' }],
    ['4321', { uid: 4321, gid: 0, groups: [], home: '/' }],
    ['4321:99', { uid: 4321, gid: 99, groups: [], home: '/' }],
    // A name that is a number goes before the number.
    ['77', { uid: 1002, gid: 1002, groups: [], home: '/odd' }],
  ])('%j', (user, expected) => {
    expect(findUser(user, accounts)).toEqual(expected);
  });

  it.each([['ana'], ['app:ana'], ['-1'], ['99999999999'], ['broken']])('does not know %s', (user) => {
    expect(() => findUser(user, accounts)).toThrow(UnknownUserError);
  });

  it('needs no accounts for numbers', () => {
    const none = { passwd: '', group: '' };
    expect(findUser('5:6', none)).toEqual({ uid: 5, gid: 6, groups: [], home: '/' });
    expect(findUser('', none)).toEqual({ uid: 0, gid: 0, groups: [], home: '/' });
    expect(() => findUser('root', none)).toThrow('the image has no user "root" in its /etc/passwd');
  });
});
