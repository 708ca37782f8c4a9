import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contender, Measurement, Prepared, Workload } from './contender.ts';
import { duration } from './figures.ts';
import type { Result } from './results.ts';

export interface Rounds {
  readonly sizes: readonly number[];
  readonly repeat: number;
  readonly patienceSeconds: number;
  readonly slots: number;
  readonly interrupted: AbortSignal;
  readonly log: (line: string) => void;
}

/** How much longer than expected a job may take before it is given up. */
const OVERTIME = 3;

/** The figures of one contender at one size while they are collected. */
interface Cell {
  readonly contender: Contender;
  readonly tasks: number;
  readonly measurements: Measurement[];
  problem: string | undefined;
}

/**
 * Measures every contender at every size, `repeat` times over. Contenders take turns within each round, so that a
 * machine that slows down for a while slows down all of them.
 */
export async function runRounds(contenders: readonly Contender[], rounds: Rounds) {
  const versions: Record<string, string> = {};
  const prepared = new Map<Contender, Prepared>();
  const missing = new Map<Contender, string>();
  for (const contender of contenders) {
    rounds.log(`preparing ${contender.id}`);
    try {
      const ready = await contender.prepare();
      prepared.set(contender, ready);
      versions[contender.id] = ready.version;
    } catch (error) {
      missing.set(contender, messageOf(error));
    }
  }
  const cells = rounds.sizes.flatMap((tasks) =>
    contenders.map(
      (contender): Cell => ({ contender, tasks, measurements: [], problem: missing.get(contender) }),
    ),
  );
  for (let round = 1; round <= rounds.repeat; round += 1) {
    for (const cell of cells) {
      const ready = prepared.get(cell.contender);
      if (ready !== undefined) await fill(cell, ready, cells, rounds, round);
    }
  }
  return { versions, results: cells.map(resultOf) };
}

async function fill(cell: Cell, ready: Prepared, cells: readonly Cell[], rounds: Rounds, round: number) {
  const { contender, tasks } = cell;
  const name = `round ${round}: ${contender.id}, ${tasks} tasks`;
  const expected = expectedSeconds(cell, cells);
  const isOptional = contender.always !== true && cell.measurements.length === 0;
  if (isOptional && expected > rounds.patienceSeconds) {
    cell.problem = `it would take about ${duration(expected * 1000)}`;
    rounds.log(`${name}: left out, ${cell.problem}`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const measurement = await ready.measure(workload(tasks, folder, rounds));
    cell.measurements.push(measurement);
    rounds.log(`${name}: ${Math.round((tasks * 1000) / measurement.toEndMs)} tasks a second`);
  } catch (error) {
    rounds.interrupted.throwIfAborted();
    cell.problem = messageOf(error);
    rounds.log(`${name}: failed, ${cell.problem}`);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** By the contender's rate at its largest smaller size; 0 when nothing is known. */
function expectedSeconds({ contender, tasks }: Cell, cells: readonly Cell[]): number {
  const known = cells.findLast(
    (cell) => cell.contender === contender && cell.tasks < tasks && cell.measurements.length > 0,
  );
  const toEndMs = known?.measurements[0]?.toEndMs;
  return known === undefined || toEndMs === undefined ? 0 : (toEndMs * tasks) / known.tasks / 1000;
}

function workload(tasks: number, folder: string, rounds: Rounds): Workload {
  const [script, indexFile, own] = [join(folder, 'task.sh'), join(folder, 'indices'), join(folder, 'own')];
  writeFileSync(script, ':\n');
  writeFileSync(indexFile, Array.from({ length: tasks }, (_, index) => `${index}\n`).join(''));
  mkdirSync(own);
  const limit = AbortSignal.timeout(rounds.patienceSeconds * OVERTIME * 1000);
  const signal = AbortSignal.any([rounds.interrupted, limit]);
  return { tasks, slots: rounds.slots, script, indexFile, folder: own, signal };
}

function resultOf({ contender, tasks, measurements, problem }: Cell): Result {
  return { contender: contender.id, title: contender.title, tasks, measurements, problem };
}

function messageOf(error: unknown): string {
  const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  return firstLine;
}
