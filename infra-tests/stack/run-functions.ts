import type { RunFunction } from '../../cdk/state-machine/resources.ts';
import { closeSeat } from '../../functions/close-seat/close-seat.ts';
import { finishJob } from '../../functions/finish-job/finish-job.ts';
import { type GiveUpPorts, giveUpJob } from '../../functions/give-up-job/give-up-job.ts';
import { listSeats } from '../../functions/list-seats/list-seats.ts';
import { openSeat } from '../../functions/open-seat/open-seat.ts';
import { type PrepareNodes, planJob } from '../../functions/plan-job/plan-job.ts';
import { type StageWaitPorts, waitForStage } from '../../shared/aws/stage-wait.ts';
import type { Random } from '../../shared/ports/clock.ts';
import { CAPACITY } from './nodes-under-test.ts';

type Ports = Omit<GiveUpPorts, 'stopNode'> &
  StageWaitPorts & { readonly random: Random; readonly prepareNodes: PrepareNodes };

/** Does what the handler of a function that the state machine calls does, over ports of a test. */
export async function callFunction(
  name: RunFunction,
  event: Record<string, never>,
  ports: Ports,
): Promise<unknown> {
  const { jobUid, groupId } = event as unknown as Record<string, string>;
  switch (name) {
    case 'plan-job': {
      const groups = await planJob(ports, CAPACITY, String(jobUid));
      return { groups: groups.map((group) => group.groupId) };
    }
    case 'list-seats':
      return listSeats(ports, String(jobUid), String(groupId));
    case 'open-seat':
      return openSeat(ports, 'us-east-1', event as never);
    case 'close-seat': {
      const failure = event.failure as unknown as { Error: string; Cause: string } | undefined;
      const said = failure === undefined ? undefined : { error: failure.Error, cause: failure.Cause };
      return closeSeat(ports, event as never, said);
    }
    case 'wait-for-stage':
      return waitForStage(ports, event as never);
    case 'finish-job':
      return finishJob(ports, String(jobUid));
    case 'give-up-job':
      return giveUpJob({ ...ports, stopNode: async () => undefined }, String(event.execution), 'given up');
  }
}
