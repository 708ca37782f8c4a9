import { afterAll } from 'vitest';
import { dockerForTest } from '../infra-tests/docker/docker-for-test.ts';
import { acceptanceSuite } from '../shared/testing/acceptance/acceptance-suite.ts';
import { serviceForTest } from './testing/service-for-test.ts';

const docker = await dockerForTest();
const noContainers = typeof docker === 'string' ? docker : undefined;
if (noContainers !== undefined) console.warn(`Examples with containers are skipped: ${noContainers}`);
afterAll(() => typeof docker === 'string' || docker.release());

const { api } = serviceForTest();
acceptanceSuite({ name: 'one machine', api, noContainers });
