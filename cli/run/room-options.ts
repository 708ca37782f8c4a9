import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Limits } from '../../shared/core/admission/amounts.ts';
import { readProjectLimits } from '../../shared/core/admission/use-limits.ts';
import { positive } from '../context.ts';

/** How much of this machine jobs may take at once. */
export interface RoomOptions {
  maxNodes?: number;
  maxVcpus?: number;
  maxJobs?: number;
  projectLimits?: Record<string, Limits>;
}

/** Adds the flags; each can be given as a variable of the environment too. */
export function withRoom(command: Command): Command {
  return command
    .addOption(
      new Option('--max-nodes <count>', 'start at most so many nodes')
        .env('SLUICE_MAX_NODES')
        .argParser(positive),
    )
    .addOption(
      new Option(
        '--max-vcpus <count>',
        'let running jobs take so many vCPUs (default: the cores of this machine)',
      )
        .env('SLUICE_MAX_VCPUS')
        .argParser(positive),
    )
    .addOption(
      new Option('--max-jobs <count>', 'run at most so many jobs at once')
        .env('SLUICE_MAX_JOBS')
        .argParser(positive),
    )
    .addOption(
      new Option(
        '--project-limits <limits>',
        "what the jobs of a project may take at once, such as 'p1=nodes:4/vcpus:8/jobs:2,*=jobs:5'",
      )
        .env('SLUICE_PROJECT_LIMITS')
        .argParser(limitsOfProjects),
    );
}

/** What of the options the service is started with. */
export function roomOf({ maxNodes, maxVcpus, maxJobs, projectLimits }: RoomOptions): RoomOptions {
  return {
    ...(maxNodes === undefined ? {} : { maxNodes }),
    ...(maxVcpus === undefined ? {} : { maxVcpus }),
    ...(maxJobs === undefined ? {} : { maxJobs }),
    ...(projectLimits === undefined ? {} : { projectLimits }),
  };
}

function limitsOfProjects(text: string): Record<string, Limits> {
  const pairs = text.split(',').map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, Math.max(0, at)).trim(), part.slice(at + 1).trim()];
  });
  try {
    return readProjectLimits(Object.fromEntries(pairs));
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
