import type { NodeHandle, NodeLauncher, NodeRequest } from '../../../ports/node-launcher.ts';
import type { VirtualService } from '../service/virtual-service.ts';
import type { World } from '../world.ts';
import type { RunWatch } from './run-watch.ts';
import { VirtualNode } from './virtual-node.ts';

/** Starts virtual nodes, and lets machines fail. */
export class VirtualMachines implements NodeLauncher {
  readonly #world: World;
  readonly #service: () => VirtualService;
  readonly #watch: () => RunWatch;
  readonly #nodes = new Map<string, VirtualNode>();

  constructor(world: World, service: () => VirtualService, watch: () => RunWatch) {
    this.#world = world;
    this.#service = service;
    this.#watch = watch;
  }

  /** Machines that run, whether or not anybody knows. */
  up(): VirtualNode[] {
    return [...this.#nodes.values()].filter((node) => node.isUp);
  }

  find(instance: string): VirtualNode | undefined {
    return this.#nodes.get(instance);
  }

  byInstanceId(instanceId: string): VirtualNode | undefined {
    return [...this.#nodes.values()].find(({ request }) => request.instanceId === instanceId);
  }

  async launch(request: NodeRequest): Promise<NodeHandle> {
    const { clock, random, faults, trace, tally } = this.#world;
    trace.add(() => `launch of ${request.instance}, epoch ${request.epoch}`);
    tally.add('nodes');
    const node = new VirtualNode(this.#world, request, this.#service(), this.#watch());
    this.#nodes.set(request.instance, node);
    if (faults.strikes('node never starts')) return node;
    const bootMs = random.chance(0.1) ? random.between(500, 10_000) : random.between(5, 500);
    const dies = faults.strikes('node dies at its start');
    clock.after(bootMs, () => (dies ? node.end('it died at its start') : node.boot()));
    this.#letFail(node);
    return node;
  }

  adopt(instance: string): NodeHandle | undefined {
    const node = this.#nodes.get(instance);
    return node === undefined || node.isDeclaredGone ? undefined : node;
  }

  #letFail(node: VirtualNode): void {
    const { clock, random, faults, trace } = this.#world;
    const { instance } = node.request;
    faults.later('node killed', () => node.end('its machine failed'));
    faults.later('node preempted', () => {
      trace.add(() => `${instance} has a preemption notice`);
      if (random.chance(0.7)) node.take({ type: 'preemptionNotice' });
      clock.after(random.between(0, 3_000), () => node.take({ type: 'stopRequested' }));
      clock.after(random.between(3_000, 30_000), () => node.end('preempted'));
    });
    const cutOff = () => {
      if (!node.isUp) return;
      const ms = random.chance(0.5) ? random.between(100, 5_000) : random.between(5_000, 90_000);
      trace.add(() => `${instance} is cut off for ${ms} ms`);
      node.link.cut(ms);
      // A launcher that has lost sight of a machine may take it for gone.
      if (faults.strikes('gone node lives on')) clock.after(random.between(0, ms), () => node.declareGone());
      faults.later('node cut off', cutOff);
    };
    faults.later('node cut off', cutOff);
  }
}
