import { describe, expect, it } from 'vitest';
import { capacityOf, environmentOf } from './environment.ts';

describe('environmentOf', () => {
  it('reads numbers as numbers', () => {
    const env = environmentOf('plan-job', { TABLE_NAME: 't', NODE_CORES: '2', MAX_NODES: '50' });
    expect(capacityOf(env)).toEqual({ nodeCores: 2, maxNodes: 50 });
  });

  it('names all that is missing or wrong', () => {
    expect(() => environmentOf('plan-job', { NODE_CORES: 'two' })).toThrow(
      /plan-job is not configured: TABLE_NAME: .*NODE_CORES: .*MAX_NODES: /,
    );
  });
});
