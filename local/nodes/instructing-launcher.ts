import type { NodeHandle, NodeLauncher, NodeRequest } from '../../shared/ports/node-launcher.ts';

/**
 * Starts nothing: it prints what somebody else's agent needs to take the seat. Such a node is gone when it falls silent.
 */
export class InstructingLauncher implements NodeLauncher {
  readonly #endpoint: () => string;
  readonly #print: (line: string) => void;

  constructor(endpoint: () => string, print: (line: string) => void) {
    this.#endpoint = endpoint;
    this.#print = print;
  }

  async launch(request: NodeRequest): Promise<NodeHandle> {
    const url = `${this.#endpoint()}/v1/${request.parent}/state:report`;
    const agentInfo = { jobId: request.jobId, taskGroupId: request.groupId };
    const { instance, instanceId, zone, machineType } = request;
    this.#print(
      JSON.stringify({
        nodeWanted: `seat ${request.seat} of ${request.jobUid}/${request.groupId}, epoch ${request.epoch}, ${request.slots} slots`,
        report: `POST ${url}`,
        header: `Authorization: Bearer ${request.token}`,
        agentInfo,
        metadata: { instance, instanceId, zone, machineType },
        ...(request.runAsNonRoot ? { runAsNonRoot: true } : {}),
      }),
    );
    return handle();
  }

  adopt(): NodeHandle | undefined {
    return handle();
  }
}

function handle(): NodeHandle {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { gone: promise, kill: resolve };
}
