import type { LocalParts } from '../local-parts.ts';
import type { ServiceOptions } from '../run/embedded-service.ts';
import { type Answerer, FakeService } from './fake-service.ts';

/** A service of this machine that is a fake one; it remembers how it was started and closed. */
export class FakeLocalParts implements LocalParts {
  startedWith: ServiceOptions | undefined;
  closedWith: { stopNodes: boolean } | undefined;
  service: FakeService | undefined;
  readonly #answer: Answerer;

  constructor(answer: Answerer) {
    this.#answer = answer;
  }

  loadService: LocalParts['loadService'] = async () => ({
    startService: async (options: ServiceOptions) => {
      this.startedWith = options;
      const service = await FakeService.start(this.#answer);
      this.service = service;
      return {
        endpoint: service.endpoint,
        close: async (how = { stopNodes: false }) => {
          this.closedWith = how;
          await service[Symbol.asyncDispose]();
        },
      };
    },
  });

  loadCapabilities: LocalParts['loadCapabilities'] = async () => ({
    checkCapabilities: async () => undefined,
    capabilityNotes: () => [],
  });
}
