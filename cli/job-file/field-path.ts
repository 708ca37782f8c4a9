/** A step of the way into a document: a field's name or a list's index. */
export type Step = string | number;

const STEP = /\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/**
 * The steps of a field path as errors name it, `taskGroups[0].taskSpec.environment.variables["A"]`; an empty list for a path
 * of another form, so that such an error is placed at the document's start.
 */
export function parseFieldPath(path: string): Step[] {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (match === null) return [];
    const [, name, index, quoted] = match;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else steps.push(JSON.parse(quoted ?? '""') as string);
  }
  return steps;
}

/** The names that a field may have in a file: the API reads `taskCount` and `task_count` alike. */
export function spellings(step: Step): Step[] {
  if (typeof step === 'number') return [step];
  const snake = step.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const camel = step.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return [...new Set([step, snake, camel])];
}
