import type { Violation } from '../error.ts';

const SHOWN_CHARACTERS = 60;

/** Collects what is wrong with a document while it is walked, with the path to each place. */
export class Problems {
  readonly violations: Violation[] = [];
  readonly #path: (string | number)[] = [];

  constructor(root = '') {
    if (root !== '') this.#path.push(root);
  }

  /** Goes down to a field (text), a list item (number) or, after `key()`, a map entry. Each `enter` needs its `leave`. */
  enter(step: string | number): void {
    this.#path.push(step);
  }

  leave(): void {
    this.#path.pop();
  }

  /** Runs `check` one step further down. */
  at(step: string | number, check: () => void): void {
    this.enter(step);
    check();
    this.leave();
  }

  /** Runs `check` for each item of a list field. */
  each<T>(field: string, items: readonly T[] | undefined, check: (item: T, index: number) => void): void {
    if (items === undefined) return;
    this.at(field, () => {
      items.forEach((item, index) => {
        this.at(index, () => check(item, index));
      });
    });
  }

  /** Runs `check` for each entry of a map field. */
  eachEntry<T>(
    field: string,
    entries: Readonly<Record<string, T>> | undefined,
    check: (name: string, value: T) => void,
  ): void {
    if (entries === undefined) return;
    this.at(field, () => {
      for (const [name, value] of Object.entries(entries)) this.at(key(name), () => check(name, value));
    });
  }

  /** Records that the value here is not what is allowed: `must be …; given …`. */
  refuse(given: unknown, allowed: string): void {
    this.add(`must be ${allowed}; given ${shortJson(given)}`);
  }

  /** Records a problem here in words. */
  add(description: string): void {
    this.violations.push({ field: this.path(), description });
  }

  /** The path to here, such as `taskGroups[0].taskSpec.environment.variables["A"]`. */
  path(): string {
    let text = '';
    for (const step of this.#path) {
      if (typeof step === 'number') text += `[${step}]`;
      else if (step.startsWith('[')) text += step;
      else text += text === '' ? step : `.${step}`;
    }
    return text;
  }
}

/** The step to a map's entry. */
export function key(name: string): string {
  return `[${JSON.stringify(name)}]`;
}

/** A value as JSON, cut after 60 characters. */
export function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
