import type { ContainerOptions } from './container-options.ts';
import type { ContainerProblem } from './container-problem.ts';
import { type OptionWord, optionTable, type TakenOptions } from './option-table.ts';
import { splitWords } from './split-words.ts';

export interface ParsedOptions {
  readonly options: ContainerOptions;
  /** What is wrong or not supported, each beginning with the option's name. Empty when all is well. */
  readonly problems: readonly ContainerProblem[];
}

/** Reads `container.options`, the words of `docker run`'s command line. All problems are told, not only the first. */
export function parseContainerOptions(text: string): ParsedOptions {
  const options: TakenOptions = { environment: {}, ulimits: [], init: false, readOnly: false, volumes: [] };
  let words: string[];
  try {
    words = splitWords(text);
  } catch (error) {
    return { options, problems: [invalid((error as Error).message)] };
  }
  const problems: ContainerProblem[] = [];
  while (words.length > 0) {
    const problem = takeWord(options, words);
    if (problem !== undefined) problems.push(problem);
  }
  return { options, problems };
}

/** Takes the first option off `words`, with its value; returns what is wrong with it. */
function takeWord(options: TakenOptions, words: string[]): ContainerProblem | undefined {
  const { name, value } = optionWord(words.shift() ?? '');
  const option = optionTable.find(({ names }) => names.includes(name));
  if (option === undefined) {
    const known = optionTable.flatMap(({ names, refused }) => (refused === undefined ? names[0] : []));
    // What follows may be its value, which would be told as a second problem.
    if (value === undefined && words[0]?.startsWith('-') === false) words.shift();
    return unsupported(`${name} is not supported; supported are ${known.join(', ')}`);
  }
  if (option.isFlag) {
    if (value !== undefined && value !== 'true' && value !== 'false') {
      return invalid(`${name} must be true or false; given ${JSON.stringify(value)}`);
    }
    option.take(options, value ?? 'true');
    return undefined;
  }
  const given = value ?? words.shift();
  if (option.refused !== undefined) return unsupported(`${name} ${option.refused}`);
  if (given === undefined) return invalid(`${name} needs a value; given none`);
  const problem = option.take(options, given);
  return problem === undefined ? undefined : invalid(`${name} ${problem}; given ${JSON.stringify(given)}`);
}

function invalid(why: string): ContainerProblem {
  return { kind: 'INVALID', field: 'options', why };
}

function unsupported(why: string): ContainerProblem {
  return { kind: 'UNSUPPORTED', field: 'options', why };
}

/** `--name`, `--name=value`, `-n`, or `-nvalue`. */
function optionWord(word: string): OptionWord {
  const long = /^(--[^=]*)(?:=([\s\S]*))?$/.exec(word);
  if (long !== null) return { name: long[1] ?? '', value: long[2] };
  const short = /^(-[A-Za-z])(?:=?([\s\S]+))?$/.exec(word);
  if (short !== null) return { name: short[1] ?? '', value: short[2] };
  return { name: JSON.stringify(word), value: undefined };
}
