import { parseArgs } from 'node:util';

export interface Options {
  readonly sizes: readonly number[];
  /** Ids of contenders; undefined for all. */
  readonly only: readonly string[] | undefined;
  readonly repeat: number;
  /** A contender that would take longer for one job is left out at that size, unless the targets are about it. */
  readonly patienceSeconds: number;
  readonly jsonFile: string | undefined;
  readonly writeReadme: boolean;
  readonly spawn: boolean;
}

const contenderIds = ['xargs', 'sluice', 'parallel', 'hyperqueue', 'slurm'];

export const usage = `Usage: npm run bench -- [options]
  --sizes 1000,10000,100000   tasks of the jobs
  --only sluice,xargs         contenders: ${contenderIds.join(', ')}
  --repeat 3                  measurements of each; the table has their medians
  --patience 180              seconds that one job may be expected to take, but through Sluice and xargs
  --json FILE                 write every measurement
  --write-readme              put the result between the marks in README.md
  --spawn                     compare ways to start a shell instead`;

/** Reads the command line. Throws with a message for the user. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: 'string', default: '1000,10000,100000' },
      only: { type: 'string' },
      repeat: { type: 'string', default: '3' },
      patience: { type: 'string', default: '180' },
      json: { type: 'string' },
      'write-readme': { type: 'boolean', default: false },
      spawn: { type: 'boolean', default: false },
    },
  });
  return {
    sizes: values.sizes.split(',').map((size) => positive('--sizes', size)),
    only: values.only?.split(',').map(contenderId),
    repeat: positive('--repeat', values.repeat),
    patienceSeconds: positive('--patience', values.patience),
    jsonFile: values.json,
    writeReadme: values['write-readme'],
    spawn: values.spawn,
  };
}

function contenderId(text: string): string {
  if (!contenderIds.includes(text)) throw new Error(`--only: there is no contender ${text}`);
  return text;
}

/** The whole number above 0 that an option gives. Throws with a message for the user. */
export function positive(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`${option}: ${text} is no whole number above 0`);
  return number;
}
