import { describe, expect, it } from 'vitest';
import { containerUser, isNamedUser, isRootUser } from './non-root.ts';

describe('the user of a container that must not be root', () => {
  it.each([
    ['', true],
    [':5', true],
    ['0', true],
    ['000', true],
    ['0:7', true],
    ['root', true],
    ['root:staff', true],
    ['1', false],
    ['10', false],
    ['app', false],
    ['1000:0', false],
  ])('%j is root: %s', (user, is) => {
    expect(isRootUser(user)).toBe(is);
  });

  it.each([
    [undefined, '', '48484:48484', true],
    [undefined, 'root', '48484:48484', true],
    [undefined, 'app', 'app', false],
    [undefined, '7:8', '7:8', false],
    ['9', '', '9', false],
    ['app', '0', 'app', false],
  ])('with %j wished and %j of its image is %s', (wished, ofImage, user, isOurs) => {
    expect(containerUser(wished, ofImage)).toEqual({ user, isOurs });
  });

  it.each([
    ['app', true],
    ['app:5', true],
    ['7', false],
    ['7:app', false],
    ['7up', true],
    ['+0', true],
    ['9'.repeat(20), true],
  ])('%j is a name: %s', (user, is) => {
    expect(isNamedUser(user)).toBe(is);
  });
});
