import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readContainer } from '../../shared/core/container/container-request.ts';
import { siblingKey } from '../../shared/core/container/sibling-key.ts';
import type { ContainerEnd } from '../container/container-engine.ts';
import { MessageLink } from './message-link.ts';
import { type AgentMessage, PROTOCOL, SOCKET, type WrapperMessage } from './messages.ts';
import { NodeVolumes } from './node-volumes.ts';
import { parseSiblings } from './sibling-config.ts';
import { SiblingEngine } from './sibling-engine.ts';

let folder: string;
let broken: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-siblings-'));
  broken = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A wrapper that hears and says what a test wants. */
function wrapper(channel: string, protocol = PROTOCOL) {
  const heard: AgentMessage[] = [];
  const waiting: ((message: AgentMessage) => void)[] = [];
  const socket = createConnection(join(channel, SOCKET));
  const link = new MessageLink<AgentMessage, WrapperMessage>(
    socket,
    (message) => (waiting.shift() ?? heard.push.bind(heard))(message),
    () => undefined,
  );
  link.send({ type: 'hello', protocol });
  const next = () => {
    const message = heard.shift();
    if (message !== undefined) return Promise.resolve(message);
    return new Promise<AgentMessage>((resolve) => waiting.push(resolve));
  };
  return { link, next, socket };
}

const container = {
  imageUri: 'busybox',
  commands: ['a'],
  options: '--user 7 --ulimit nofile=5:6 --ulimit core=-1',
};
const { request } = readContainer(container, []);
const engineOf = (channel: string) =>
  new SiblingEngine({ channels: { [siblingKey(request)]: channel }, volumes: [] }, (why) => broken.push(why));

function run(engine: SiblingEngine, wanted = request) {
  const { promise: ended, resolve } = Promise.withResolvers<ContainerEnd>();
  const source = { taskId: 't', index: 0, attempt: 0, runnable: 0 };
  const none = () => undefined;
  const watcher = { stdout: none, stderr: none, note: none, onExit: resolve };
  return { ended, ...engine.run({ source, request: wanted, environment: { A: '1' } }, watcher) };
}

describe('an engine of siblings', () => {
  it('asks the wrapper of the image, and says in words how it ended', async () => {
    const engine = engineOf(folder);
    const { link, next } = wrapper(folder);
    await engine.ready();
    const first = run(engine);
    expect(await next()).toMatchObject({
      type: 'run',
      run: 1,
      commands: ['a'],
      user: '7',
      env: { A: '1' },
      ulimits: ['nofile=5:6', 'core=unlimited:unlimited'],
      stdout: expect.stringMatching(/^pipe-\d+-out$/),
    });
    link.send({ type: 'exited', run: 1, exitCode: 137, outOfMemory: true });
    expect(await first.ended).toEqual({
      exitCode: 137,
      reason: 'it was killed, for it needed more memory than the machine has',
    });
    const second = run(engine);
    await next();
    second.signal('SIGKILL');
    expect(await next()).toEqual({ type: 'signal', run: 2, name: 'SIGKILL' });
    link.send({ type: 'exited', run: 2, exitCode: 137 });
    expect(await second.ended).toEqual({ exitCode: 137 });
    await engine.close();
    expect(broken).toEqual([]);
  });

  it('says when a sibling is gone, to what ran there and to its node', async () => {
    const engine = engineOf(folder);
    const { next, socket } = wrapper(folder);
    await engine.ready();
    const running = run(engine);
    await next();
    socket.destroy();
    const gone = 'the container of busybox on this node is gone: it was killed from outside';
    expect(await running.ended).toEqual({ exitCode: 137, reason: gone });
    expect(broken).toEqual([gone]);
  });

  it('shuts the door behind the first that comes', async () => {
    const engine = engineOf(folder);
    wrapper(folder);
    await engine.ready();
    expect(readdirSync(folder)).not.toContain(SOCKET);
    await engine.close();
  });

  it('waits for siblings, not forever', async () => {
    const engine = engineOf(folder);
    await expect(engine.ready(10)).rejects.toThrow('there is no container of busybox');
    await engine.close();
  });

  it('does not talk to a wrapper of another version', async () => {
    const engine = engineOf(folder);
    wrapper(folder, 99);
    await expect(engine.ready()).rejects.toThrow('speaks protocol 99, not 1');
  });

  it('has no container for another request', async () => {
    const engine = engineOf(folder);
    const other = readContainer({ ...container, imageUri: 'debian' }, []).request;
    expect(await run(engine, other).ended).toMatchObject({ exitCode: 125 });
    await engine.close();
  });
});

describe('siblings are shared by runnables', () => {
  const keyOf = (more: object) => siblingKey(readContainer({ imageUri: 'busybox', ...more }, []).request);
  it.each([
    [true, { commands: ['a'], options: '--user 1' }, { entrypoint: '/b' }],
    [true, { volumes: ['/a:/b', '/c:/d'] }, { volumes: ['/c:/d:rw', '/a:/b/'] }],
    [false, {}, { options: '--read-only' }],
    [false, {}, { volumes: ['/a:/b'] }],
    [false, { volumes: ['/a:/b'] }, { volumes: ['/a:/b:ro'] }],
    [false, {}, { imageUri: 'busybox:1' }],
  ])('%s: %j and %j', (areShared, one, other) => {
    expect(keyOf(one) === keyOf(other)).toBe(areShared);
  });
});

describe('the volumes of a node', () => {
  it('are empty for each task, and stay as they are for its runnables', () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    for (const each of [one, two]) mkdirSync(join(each, 'sub'), { recursive: true });
    const volumes = new NodeVolumes([one, two]);
    volumes.enter('task-1');
    expect([...readdirSync(one), ...readdirSync(two)]).toEqual([]);
    writeFileSync(join(one, 'x'), '');
    volumes.enter('task-1');
    expect(readdirSync(one)).toEqual(['x']);
    volumes.enter('task-2');
    expect(readdirSync(one)).toEqual([]);
  });
});

describe('what a node is told of its siblings', () => {
  it.each([
    [{}],
    [{ channels: { a: 'b' }, volumes: [] }],
    [{ channels: {} }],
    [{ channels: {}, volumes: ['x'] }],
  ])('%j is refused', (given) => {
    expect(() => parseSiblings(given)).toThrow('node config: siblings.');
  });
});
