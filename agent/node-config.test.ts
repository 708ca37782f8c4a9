import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type NodeConfig, parseNodeConfig } from './node-config.ts';
import { parseOsRelease } from './os-release.ts';
import { AGENT_VERSION } from './version.ts';

const config: NodeConfig = {
  endpoint: 'http://127.0.0.1:1',
  parent: 'projects/p/locations/l',
  jobId: 'j',
  taskGroupId: 'group0',
  instance: 'node-0',
  instanceId: '1',
  zone: 'z',
  machineType: 'm',
  token: 'the-token',
  workDir: '/w',
  logDir: '/l',
  runDir: '/r',
};

describe('the config of a node', () => {
  it('is read as it is written', () => {
    const whole = {
      ...config,
      endpointFile: '/e',
      secretsFile: '/s',
      giveUpAfterMs: 1,
      runAsNonRoot: true,
      killGraceMs: 0,
      stopGraceMs: 2,
      isSpot: true,
    };
    expect(parseNodeConfig(JSON.stringify(config))).toEqual(config);
    expect(parseNodeConfig(JSON.stringify({ ...whole, other: 1 }))).toEqual(whole);
  });

  it.each([
    ['nothing', '', 'must be one JSON object'],
    ['no object', '7', 'must be a JSON object'],
    ['a missing field', JSON.stringify({ ...config, runDir: undefined }), 'runDir must be a text'],
    ['a wrong time', JSON.stringify({ ...config, killGraceMs: '5s' }), 'killGraceMs must be a number'],
    ['a wrong flag', JSON.stringify({ ...config, isSpot: 'yes' }), 'isSpot must be true or false'],
    [
      'a wrong flag',
      JSON.stringify({ ...config, runAsNonRoot: 'yes' }),
      'runAsNonRoot must be true or false',
    ],
    ['a wrong text', JSON.stringify({ ...config, zone: 5 }), 'zone must be a text'],
  ])('of %s is refused, without a value', (_, line, message) => {
    expect(() => parseNodeConfig(line)).toThrow(new RegExp(message));
    expect(() => parseNodeConfig(line)).not.toThrow('the-token');
  });
});

describe('what an agent says of itself', () => {
  it('has the version of the package', () => {
    const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    expect(AGENT_VERSION).toBe((JSON.parse(text) as { version: string }).version);
  });

  it('has the operating system', () => {
    expect(parseOsRelease('NAME="Debian GNU/Linux"\n# x\nID=debian\n')).toEqual({
      NAME: 'Debian GNU/Linux',
      ID: 'debian',
    });
  });
});
