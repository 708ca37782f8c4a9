import { describe, expect, it } from 'vitest';
import { endReason, startFailure } from './end-words.ts';

const oci = (cause: string) =>
  `failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${cause}: unknown`;
const old = (cause: string) =>
  `OCI runtime create failed: container_linux.go:380: starting container process caused: ${cause}: unknown`;

describe('the end of a container that was not started', () => {
  it.each<[message: string, exitCode: number, problem: RegExp]>([
    [
      old('exec: "foo": executable file not found in $PATH'),
      127,
      /^its image has no such program: exec: "foo"/,
    ],
    [
      oci('exec: "foo": executable file not found in $PATH'),
      127,
      /^its image has no such program: exec: "foo"/,
    ],
    [oci('exec: "/x/foo": stat /x/foo: no such file or directory'), 127, /no such program/],
    [old('exec: "/etc": permission denied'), 126, /^its program cannot be executed: /],
    [oci('exec: "/etc/": is a directory'), 126, /^its program cannot be executed: /],
    [old('exec /bin/x: exec format error'), 126, /^its program is for another processor: /],
    ['unable to find user ana: no matching entries in passwd file', 125, /^unable to find user ana/],
    ['driver failed programming external connectivity', 125, /^driver failed/],
    [old('mount /a:/b: no such file or directory'), 125, /^mount/],
  ])('%s', (message, exitCode, problem) => {
    expect(startFailure(message)).toEqual({ exitCode, problem: expect.stringMatching(problem) });
  });
});

describe('why a container ended as it did', () => {
  const plain = { isOutOfMemory: false, memoryMib: 64 };
  const full = { isOutOfMemory: true, memoryMib: 64 };
  it.each<[exitCode: number, how: typeof plain, reason: string | undefined]>([
    [0, plain, undefined],
    [0, full, undefined],
    [1, plain, undefined],
    [1, full, 'it was killed, for it needed more memory than its limit of 64 MiB (memoryMib)'],
    [125, plain, 'a program in it ended with the code that says that a container could not be run'],
    [126, plain, 'a command in it was found and cannot be executed'],
    [127, plain, 'a command in it was not found'],
    [137, plain, 'it was killed (SIGKILL), and not by this service'],
    [137, full, 'it was killed, for it needed more memory than its limit of 64 MiB (memoryMib)'],
  ])('%i', (exitCode, how, reason) => {
    expect(endReason(exitCode, how)).toBe(reason);
  });
});
