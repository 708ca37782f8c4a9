import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { dockerForTest } from '../infra-tests/docker/docker-for-test.ts';
import { acceptanceSuite } from '../shared/testing/acceptance/acceptance-suite.ts';
import { serviceForTest, temporaryFolder } from './testing/service-for-test.ts';

const docker = await dockerForTest();
const noContainers = typeof docker === 'string' ? docker : undefined;
if (noContainers !== undefined) console.warn(`Examples with containers are skipped: ${noContainers}`);
afterAll(() => typeof docker === 'string' || docker.release());

const secretsFile = join(temporaryFolder(), 'secrets.json');
const { api } = serviceForTest({ secretsFile });
acceptanceSuite({
  name: 'one machine',
  api,
  noContainers,
  putSecrets: async (secrets) => writeFileSync(secretsFile, JSON.stringify(secrets), { mode: 0o600 }),
});
