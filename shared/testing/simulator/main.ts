import { parseArgs } from 'node:util';
import { type FaultLevel, faultLevels, faultNames } from './fault-plan.ts';
import { type Outcome, simulate } from './simulation.ts';

// Runs the whole system under simulated time, network and crashes, a seed at a time, and checks its rules throughout.

const TRACE_LINES = 40;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    faults: { type: 'string', default: 'all' },
  },
});
const faults = faultLevels.find((level) => level === values.faults);
if (faults === undefined) {
  console.error(`--faults must be one of ${faultLevels.join(', ')}; given ${values.faults}`);
  process.exit(2);
}
const isWhole = values.seed === undefined ? await runMany(faults) : await replay(Number(values.seed), faults);
process.exit(isWhole ? 0 : 1);

async function runMany(level: FaultLevel): Promise<boolean> {
  const first = Number(values.from);
  const seeds = Number(values.seeds);
  const totals = new Map<string, number>();
  const startedAt = performance.now();
  let failed = 0;
  for (let seed = first; seed < first + seeds; seed += 1) {
    const outcome = await simulate({ seed, faults: level });
    for (const [name, count] of outcome.counts) totals.set(name, (totals.get(name) ?? 0) + count);
    if (outcome.violation === undefined) continue;
    failed += 1;
    if (failed === 1) await explain(outcome, level);
    else console.log(`seed ${seed}: ${outcome.violation.rule}: ${outcome.violation.detail}`);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `${seeds} seeds in ${seconds.toFixed(1)} s (${(seeds / seconds).toFixed(1)} a second), ${failed} failed`,
  );
  const counted = (names: readonly string[]) =>
    names.map((name) => `${name} ${totals.get(name) ?? 0}`).join(', ');
  const others = [...totals.keys()].filter((name) => !faultNames.includes(name)).sort();
  console.log(`faults: ${counted(faultNames)}`);
  console.log(`counts: ${counted(others)}`);
  return failed === 0;
}

/** Runs a failed seed again, to show what came last. */
async function explain({ seed }: Outcome, level: FaultLevel): Promise<void> {
  const lines: string[] = [];
  const { violation } = await simulate({
    seed,
    faults: level,
    trace: (line) => {
      lines.push(line);
      if (lines.length > 10 * TRACE_LINES) lines.splice(0, lines.length - TRACE_LINES);
    },
  });
  console.log(`seed ${seed} breaks a rule at ${violation?.at} ms: ${violation?.rule}`);
  console.log(`  ${violation?.detail}`);
  for (const line of lines.slice(-TRACE_LINES)) console.log(line);
  console.log(`again, with all of it: npm run simulate -- --seed ${seed} --faults ${level}\n`);
}

async function replay(seed: number, level: FaultLevel): Promise<boolean> {
  const { violation, counts, virtualMs } = await simulate({
    seed,
    faults: level,
    trace: (line) => console.log(line),
  });
  console.log([...counts].map(([name, count]) => `${name} ${count}`).join(', '));
  if (violation === undefined) console.log(`seed ${seed} holds; ${virtualMs} virtual ms`);
  else
    console.log(`seed ${seed} breaks a rule at ${violation.at} ms: ${violation.rule}\n  ${violation.detail}`);
  return violation === undefined;
}
