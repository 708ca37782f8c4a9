import { describe, expect, it } from 'vitest';
import { capacityOf, environmentOf } from './environment.ts';

const nodeRegion = {
  region: 'us-east-1',
  aliases: { here: '' },
  subnets: [{ id: 'subnet-1', way: 'PUBLIC' }],
  securityGroups: ['sg-1'],
  closed: {
    subnets: [{ id: 'subnet-2', zone: 'us-east-1b', way: 'CLOSED' }],
    securityGroups: ['sg-2'],
    registries: ['ecr.test'],
    image: 'ecr.test/node:24',
    endpoint: 'https://api.test',
  },
};
const given = {
  TABLE_NAME: 't',
  MAX_NODES: '50',
  MAX_VCPU: '200',
  NODE_ARCHITECTURE: 'ARM64',
  TOPIC_RULE: 'same-account',
  LIMITS: JSON.stringify({ deployment: { nodes: 50 }, projects: {} }),
  NODE_REGION: JSON.stringify(nodeRegion),
  REGISTRY_MIRRORS: '{}',
  SERVICE_ACCOUNTS: '{}',
  NODE_LOG_GROUP: '/sluice/sluice/nodes',
  SECRETS: JSON.stringify({ secretName: 's/{secret}', keyAlias: 'alias/{key}', secretArns: [] }),
};

describe('environmentOf', () => {
  it('reads numbers as numbers, and JSON as what it holds', () => {
    const env = environmentOf('jobs-api', given);
    expect(capacityOf(env)).toEqual({ maxNodes: 50, maxVcpu: 200, architecture: 'ARM64' });
    expect(env.NODE_REGION).toEqual(nodeRegion);
  });

  it('names all that is missing or wrong', () => {
    expect(() => environmentOf('jobs-api', { MAX_NODES: 'two', NODE_REGION: '{' })).toThrow(
      /jobs-api is not configured: TABLE_NAME: .*MAX_NODES: .*MAX_VCPU: .*NODE_REGION: must be JSON/,
    );
  });
});
