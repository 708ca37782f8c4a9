import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { BatchApi } from '../../shared/testing/acceptance/batch-api.ts';
import { type Service, type ServiceOptions, startService } from '../service.ts';

/** An empty data folder that goes when the test file is through. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A service for all tests of a file; its nodes are killed at the end. */
export function serviceForTest(options: Partial<ServiceOptions> = {}): {
  api: () => BatchApi;
  log: string[];
} {
  const dataDir = temporaryFolder();
  const log: string[] = [];
  let service: Service | undefined;
  beforeAll(async () => {
    const line = (text: string) => log.push(text);
    service = await startService({
      port: 0,
      dataDir,
      agents: 'local',
      workDir: process.cwd(),
      log: line,
      ...options,
    });
  });
  afterAll(() => service?.close({ stopNodes: true }));
  return {
    log,
    api: () => {
      if (service === undefined) throw new Error('the service is not up yet');
      return new BatchApi(service.endpoint);
    },
  };
}
