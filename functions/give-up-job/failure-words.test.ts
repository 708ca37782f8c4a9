import { expect, it } from 'vitest';
import { failureWords } from './failure-words.ts';

const thrown = (errorMessage: string) => JSON.stringify({ errorType: 'x', errorMessage, trace: ['a', 'b'] });

it.each([
  ['ImageError', thrown('there is no image a:1 in its registry'), 'there is no image a:1 in its registry'],
  ['RegistryBusyError', thrown('the registry of a answers 503'), 'the registry of a answers 503'],
  ['TypeError', thrown('no such thing'), 'its run broke off (TypeError) no such thing'],
  ['States.Timeout', '', 'its run broke off (States.Timeout)'],
  ['ECS.ClientException', 'no JSON', 'its run broke off (ECS.ClientException) no JSON'],
  ['X', '{"a":1}', 'its run broke off (X) {"a":1}'],
])('%s %s', (name, cause, words) => {
  expect(failureWords({ Error: name, Cause: cause })).toBe(words);
});

it('is no longer than a line of history', () => {
  expect(failureWords({ Error: 'X', Cause: 'y'.repeat(9_999) })).toHaveLength(500);
});
