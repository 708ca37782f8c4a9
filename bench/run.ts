/** `npm run bench`: the same empty tasks through Sluice and through what one would use instead on one machine. */
import { writeFileSync } from 'node:fs';
import { gnuParallel } from './gnu-parallel.ts';
import { hyperQueue } from './hyperqueue.ts';
import { interruptible } from './interruption.ts';
import { thisMachine } from './machine.ts';
import { type Options, readOptions, usage } from './options.ts';
import { writeIntoReadme } from './readme.ts';
import { type Report, reportText } from './report.ts';
import { runRounds } from './rounds.ts';
import { sluice } from './sluice.ts';
import { slurm } from './slurm.ts';
import { compareSpawning } from './spawn.ts';
import { xargs } from './xargs.ts';

const CONTENDERS = [xargs, sluice, gnuParallel, hyperQueue, slurm];

function optionsOrUsage(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

const log = (line: string) => console.error(line);

async function benchmark(options: Options, interrupted: AbortSignal): Promise<void> {
  const contenders = CONTENDERS.filter(({ id }) => options.only === undefined || options.only.includes(id));
  const machine = thisMachine();
  if (machine.loadBefore > 0.5)
    log(`this machine is not quiet (load ${machine.loadBefore}): figures are rough`);
  const { sizes, repeat, patienceSeconds } = options;
  const settings = { sizes: sizes.toSorted((a, b) => a - b), repeat, patienceSeconds };
  const outcome = await runRounds(contenders, { ...settings, slots: machine.cores, interrupted, log });
  const report: Report = { machine, repeat, ...outcome };
  const text = reportText(report);
  console.log(text);
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
  if (options.writeReadme) writeIntoReadme(text);
}

const options = optionsOrUsage();
await interruptible(async (interrupted) => {
  if (options.spawn) console.log(await compareSpawning(options.repeat));
  else await benchmark(options, interrupted);
});
