import type { World } from '../world.ts';
import { ServiceDownError, ServiceLife, type ServiceParts } from './service-life.ts';

const DOWN_AT_MOST_MS = 4_000;

/** The service over all its lives: it crashes, is stopped, and starts again over the same store and nodes. */
export class VirtualService {
  readonly #world: World;
  readonly #parts: ServiceParts;
  #life: ServiceLife | undefined;
  #callOff: () => void = () => undefined;

  constructor(world: World, parts: ServiceParts) {
    this.#world = world;
    this.#parts = parts;
  }

  get isUp(): boolean {
    return this.#life !== undefined;
  }

  start(): void {
    const { faults, trace } = this.#world;
    trace.add(() => 'service starts');
    const life = new ServiceLife(this.#world, this.#parts);
    this.#life = life;
    const crash = faults.later('service crash', () => this.crash('crashes'));
    const restart = faults.later('service restart', () => {
      trace.add(() => 'service is asked to stop');
      void life.stop().then(() => this.#goDown(life, 'has stopped'));
    });
    this.#callOff = () => {
      crash();
      restart();
    };
  }

  /** Ends the life that is under way, wherever it is. */
  crash(how: string): void {
    const life = this.#life;
    if (life === undefined) return;
    life.die();
    this.#goDown(life, how);
  }

  /** Has the service do something; ServiceDownError when it is down, or goes down before it is done. */
  async do<T>(work: (life: ServiceLife) => Promise<T>): Promise<T> {
    if (this.#life === undefined) throw new ServiceDownError('the service is down');
    return this.#life.do(work);
  }

  #goDown(life: ServiceLife, how: string): void {
    if (this.#life !== life) return;
    this.#world.trace.add(() => `service ${how}`);
    this.#callOff();
    this.#life = undefined;
    this.#world.clock.after(this.#world.random.between(1, DOWN_AT_MOST_MS), () => this.start());
  }
}
