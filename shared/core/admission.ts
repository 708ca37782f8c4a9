/** A job that waits for nodes, in the order of the queue: higher priority first, then the older one. */
export interface QueuedJob {
  readonly uid: string;
  readonly nodes: number;
}

export interface Admission {
  readonly admitted: readonly string[];
  /** Why the others wait, in words, by uid. */
  readonly waiting: ReadonlyMap<string, string>;
}

/**
 * Admits jobs from the head of the queue while their nodes fit. The job at the head is never overtaken, so that a large
 * one is not starved; a job that wants more nodes than there are in all gets them all.
 */
export function admit(queue: readonly QueuedJob[], nodesInUse: number, maxNodes: number): Admission {
  const admitted: string[] = [];
  const waiting = new Map<string, string>();
  let used = nodesInUse;
  for (const [order, job] of queue.entries()) {
    const wanted = Math.min(job.nodes, maxNodes);
    if (waiting.size === 0 && used + wanted <= maxNodes) {
      admitted.push(job.uid);
      used += wanted;
      continue;
    }
    const place = order - admitted.length + 1;
    const needs = `it wants ${wanted} of ${maxNodes} nodes and ${Math.max(0, maxNodes - used)} are free`;
    waiting.set(
      job.uid,
      place === 1 ? `waits for nodes: ${needs}` : `number ${place} in the queue for nodes: ${needs}`,
    );
  }
  return { admitted, waiting };
}
