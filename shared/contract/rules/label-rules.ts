import type { Problems } from '../proto/problems.ts';
import { shortJson } from '../proto/problems.ts';

// Compute Engine label syntax; "lowercase letters" include those of scripts without case.
const KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const RESERVED = /^goog(le)?-/;
/** Cromwell sets it on all of its jobs and the service lets it. */
const RESERVED_BUT_ACCEPTED = 'goog-batch-worker';
const PREDEFINED = new Set(['batch-job-id', 'batch-job-uid', 'batch-node']);

export type Labels = Readonly<Record<string, string>>;

/** Checks the syntax of labels in the field `labels` here, and that none is reserved (Google Batch page on labels). */
export function checkLabels(problems: Problems, labels: Labels | undefined): void {
  problems.eachEntry('labels', labels, (name, value) => {
    if (!KEY.test(name)) {
      problems.add(
        `label key must be a lowercase letter and up to 62 lowercase letters, digits, "_" or "-"; given ${shortJson(name)}`,
      );
    } else if (PREDEFINED.has(name)) {
      problems.add(`label ${shortJson(name)} is set by the service and must not be given`);
    } else if (RESERVED.test(name) && name !== RESERVED_BUT_ACCEPTED) {
      problems.add(`label key must not start with "goog-" or "google-"; given ${shortJson(name)}`);
    }
    if (!VALUE.test(value)) {
      problems.refuse(value, 'at most 63 lowercase letters, digits, "_" or "-"');
    }
  });
}

/** Refuses more than `max` labels in the field `labels` here. */
export function checkLabelCount(problems: Problems, count: number, max: number, whose: string): void {
  if (count <= max) return;
  problems.at('labels', () => problems.add(`must be at most ${max} ${whose}; given ${count}`));
}

/** How many labels there are. */
export function countLabels(labels: Labels | undefined): number {
  return labels === undefined ? 0 : Object.keys(labels).length;
}
