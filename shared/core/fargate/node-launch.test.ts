import { describe, expect, it } from 'vitest';
import {
  capacityProviderOf,
  nodeTags,
  scriptImageOf,
  serviceAccountOf,
  TAGS_AT_MOST,
} from './node-launch.ts';

const withModel = (provisioningModel: 'STANDARD' | 'SPOT' | 'PREEMPTIBLE') => ({
  instances: [{ policy: { provisioningModel } }],
});

describe('capacityProviderOf', () => {
  it('is Spot for what is bought so', () => {
    expect(capacityProviderOf({})).toBe('FARGATE');
    expect(capacityProviderOf(withModel('STANDARD'))).toBe('FARGATE');
    expect(capacityProviderOf(withModel('SPOT'))).toBe('FARGATE_SPOT');
    expect(capacityProviderOf(withModel('PREEMPTIBLE'))).toBe('FARGATE_SPOT');
  });
});

describe('nodeTags', () => {
  const job = (labels: Record<string, string>, ofNodes: Record<string, string> = {}) => ({
    uid: 'u1',
    jobId: 'job',
    spec: { labels, allocationPolicy: { labels: ofNodes } },
  });

  it('are the labels, those of the nodes first, and whose nodes they are', () => {
    expect(nodeTags(job({ team: 'a', step: 'align' }, { team: 'b' }))).toEqual({
      team: 'b',
      step: 'align',
      'batch-job-id': 'job',
      'batch-job-uid': 'u1',
    });
  });

  it('are no more than ECS takes', () => {
    const many = Object.fromEntries(Array.from({ length: 63 }, (_, at) => [`label-${at}`, 'x']));
    expect(Object.keys(nodeTags(job(many, { team: 'b' })))).toHaveLength(TAGS_AT_MOST);
    expect(nodeTags(job(many, { team: 'b' }))).toMatchObject({ team: 'b', 'batch-job-uid': 'u1' });
  });
});

describe('scriptImageOf', () => {
  const withImage = (image: string) => scriptImageOf({ instances: [{ policy: { bootDisk: { image } } }] });

  it.each([
    'python:3.13-slim',
    '123456789012.dkr.ecr.us-east-1.amazonaws.com/tools:1',
    'registry.example.org/projects/tool@sha256:abc',
  ])('is %s, a container image', (image) => {
    expect(withImage(image)).toBe(image);
  });

  it.each([
    '',
    'batch-debian',
    'batch-cos',
    'batch-hpc-rocky',
    'projects/debian-cloud/global/images/family/debian-12',
    'https://www.googleapis.com/compute/v1/projects/p/global/images/i',
    'global/images/mine',
  ])('is none for the machine image %j', (image) => {
    expect(withImage(image)).toBeUndefined();
  });
});

it('serviceAccountOf knows the default', () => {
  expect([undefined, '', 'default', 'me@example.org'].map(serviceAccountOf)).toEqual([
    undefined,
    undefined,
    undefined,
    'me@example.org',
  ]);
});
