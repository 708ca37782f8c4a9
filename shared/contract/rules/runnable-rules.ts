import type { Problems } from '../proto/problems.ts';
import { shortJson } from '../proto/problems.ts';
import type { Container, Runnable, Script } from '../runnable.ts';
import { durationMs } from '../time.ts';
import { checkEnvironment } from './environment-rules.ts';
import { checkLabels } from './label-rules.ts';

const NETWORK_OPTION = /(^|\s)--net(work)?(\s|=|$)/;

/**
 * Checks a runnable that stands here. `displayNames` holds the display names seen so far in the job: they are unique in
 * a job (Google Batch page on custom status events).
 */
export function checkRunnable(problems: Problems, runnable: Runnable, displayNames: Set<string>): void {
  const { container, script, barrier, displayName, timeout } = runnable;
  if (container === undefined && script === undefined && barrier === undefined) {
    problems.add('must have exactly one of container, script and barrier; given none');
  }
  if (container !== undefined) problems.at('container', () => checkContainer(problems, container));
  if (script !== undefined) problems.at('script', () => checkScript(problems, script));
  if (displayName) {
    if (displayNames.has(displayName)) {
      problems.at('displayName', () => problems.refuse(displayName, 'unique within the job'));
    }
    displayNames.add(displayName);
  }
  if (timeout !== undefined && durationMs(timeout) <= 0) {
    problems.at('timeout', () => problems.refuse(timeout, 'longer than 0s'));
  }
  problems.at('environment', () => checkEnvironment(problems, runnable.environment));
  checkLabels(problems, runnable.labels);
}

function checkContainer(problems: Problems, { imageUri, options, blockExternalNetwork }: Container): void {
  if (!imageUri?.trim()) {
    problems.at('imageUri', () => problems.add('is required: the image to run; given nothing'));
  }
  if (blockExternalNetwork === true && options !== undefined && NETWORK_OPTION.test(options)) {
    problems.at('options', () =>
      problems.add(`must not set --network with blockExternalNetwork; given ${shortJson(options)}`),
    );
  }
}

function checkScript(problems: Problems, script: Script): void {
  if (script.text === undefined && script.path === undefined) {
    problems.add('must have exactly one of text and path; given none');
  }
  for (const field of ['text', 'path'] as const) {
    if (script[field]?.trim() === '') {
      problems.at(field, () => problems.refuse(script[field], 'some text'));
    }
  }
}
