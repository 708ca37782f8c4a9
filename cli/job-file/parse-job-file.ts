import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type { Violation } from '../../shared/contract/error.ts';
import { parseFieldPath, type Step, spellings } from './field-path.ts';
import { type JobFile, JobFileError, type Position } from './job-file.ts';

/** What the parser says in its own terms, said for people who write job files. */
const explained: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'a tab is used for indentation; YAML allows spaces only',
  MULTIPLE_DOCS: 'the file holds more than one document; a job file holds one job',
  BLOCK_AS_IMPLICIT_KEY: "a second ': ' in one line; is the indentation right, or are quotes missing?",
};

/** Parses a job file in YAML or JSON and keeps the place of every field. Throws JobFileError. */
export function parseJobFile(name: string, text: string): JobFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const job = readJson(text, () => {
    if (document.errors.length > 0 && isMeantAsJson(name, text)) throw jsonError(name, text);
    return readYaml(name, document, lines);
  });
  if (typeof job !== 'object' || job === null || Array.isArray(job)) {
    const found =
      job === null || job === undefined ? 'nothing' : Array.isArray(job) ? 'a list' : `a ${typeof job}`;
    throw new JobFileError(name, `a job file holds an object with taskGroups; found ${found}`);
  }
  return { name, job, locate: (violation) => locate(document, lines, violation) };
}

const BYTE_ORDER_MARK = /^\uFEFF/;

/** Valid JSON is read as JSON; with comments or trailing commas it still is YAML. */
function readJson(text: string, otherwise: () => unknown): unknown {
  if (!/^\uFEFF?\s*\{/.test(text)) return otherwise();
  try {
    return JSON.parse(text.replace(BYTE_ORDER_MARK, ''));
  } catch {
    return otherwise();
  }
}

/** Whether what is neither JSON nor YAML is explained better as JSON. */
function isMeantAsJson(name: string, text: string): boolean {
  return name.endsWith('.json') || /^\uFEFF?\s*\{\s*"/.test(text);
}

/** The parser says `… in JSON at position 20 (line 3 column 1)`. */
const JSON_PLACE = /^(.*?)(?: in JSON)? at position \d+ \(line (\d+) column (\d+)\)/s;

function jsonError(name: string, text: string): JobFileError {
  try {
    JSON.parse(text.replace(BYTE_ORDER_MARK, ''));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, problem = message, line, column] = JSON_PLACE.exec(message) ?? [];
    const position = line === undefined ? undefined : { line: Number(line), column: Number(column) };
    return new JobFileError(name, `not valid JSON: ${problem}`, position);
  }
  return new JobFileError(name, 'not valid JSON');
}

function readYaml(name: string, document: Document, lines: LineCounter): unknown {
  const [error] = document.errors;
  if (error !== undefined) {
    throw new JobFileError(name, explained[error.code] ?? error.message, positionAt(lines, error.pos[0]));
  }
  try {
    return document.toJS();
  } catch (error) {
    throw new JobFileError(name, error instanceof Error ? error.message : String(error));
  }
}

function locate(document: Document, lines: LineCounter, { field }: Violation): Position | undefined {
  const steps = parseFieldPath(field);
  const offset =
    offsetOf(document, steps) ?? (steps[0] === 'job' ? offsetOf(document, steps.slice(1)) : undefined);
  return offset === undefined ? undefined : positionAt(lines, offset);
}

/** The offset of the innermost node that the steps lead to; undefined when not even the first step is there. */
function offsetOf(document: Document, steps: readonly Step[]): number | undefined {
  let node: unknown = document.contents;
  let offset = steps.length === 0 ? startOf(node) : undefined;
  for (const step of steps) {
    const found = child(document, node, step);
    if (found === undefined) break;
    offset = found.offset ?? offset;
    node = found.node;
  }
  return offset;
}

function child(
  document: Document,
  parent: unknown,
  step: Step,
): { node: unknown; offset: number | undefined } | undefined {
  const node = resolved(document, parent);
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return item === undefined ? undefined : { node: item, offset: startOf(item) };
  }
  if (!isMap(node)) return undefined;
  const names = spellings(step).map(String);
  const pair = node.items.find(
    (item) => isPair(item) && isScalar(item.key) && names.includes(String(item.key.value)),
  );
  return pair === undefined ? undefined : { node: pair.value, offset: startOf(pair.key) };
}

function resolved(document: Document, node: unknown): unknown {
  const isAlias = isNode(node) && 'source' in node && 'resolve' in node && typeof node.resolve === 'function';
  return isAlias ? node.resolve(document) : node;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
