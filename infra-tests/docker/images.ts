import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type EngineClient, EngineError } from '../../agent/container/docker/engine-client.ts';
import { unpackedPackages } from '../debian-packages.ts';
import { alone } from './daemon-lease.ts';
import { fillWithMusl } from './musl.ts';

/** An image that is made here, for nothing can be pulled. */
export interface TestImage {
  /** Its name in the engine, with a tag. */
  readonly name: string;
  /** Names of public images that it stands in for, where the engine does not have them. */
  readonly standsFor?: readonly string[];
  /** Lines of a Dockerfile, such as `CMD ["sh"]`. */
  readonly changes: readonly string[];
  /** Lays out the root file system in an empty folder. */
  readonly fill: (root: string) => void | Promise<void>;
}

/** Nothing but one static file, `/busybox`, which is any of its programs by its first argument. */
export const staticImage: TestImage = {
  name: 'sluice-test/static:1',
  changes: ['ENTRYPOINT ["/busybox"]', 'CMD ["echo", "from the image"]'],
  fill: async (root) => cpSync(await busybox(), join(root, 'busybox')),
};

/** Busybox with a link for each of its programs. */
export const busyboxImage: TestImage = {
  name: 'sluice-test/busybox:1',
  standsFor: ['busybox:latest'],
  changes: ['CMD ["sh"]', 'ENV PATH=/bin'],
  fill: async (root) => {
    const binary = await busybox();
    mkdirSync(join(root, 'bin'));
    cpSync(binary, join(root, 'bin/busybox'));
    for (const program of execFileSync(binary, ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
      if (program !== 'busybox') symlinkSync('busybox', join(root, 'bin', program));
    }
    fillCommon(root);
  },
};

/** Debian with Bash, its usual programs and Python, and a user of its own. */
export const pythonImage: TestImage = {
  name: 'sluice-test/python:1',
  standsFor: ['python:3.12-slim', 'debian:12-slim'],
  changes: ['CMD ["python3"]', 'ENV PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8', 'WORKDIR /srv'],
  fill: async (root) => {
    const packages = ['python3', 'bash', 'dash', 'coreutils', 'sed', 'grep', 'base-files'];
    cpSync(await unpackedPackages('python', packages), root, { recursive: true, verbatimSymlinks: true });
    fillCommon(root);
  },
};

/** Nothing but musl, its loader and one program that is linked to it: no shell, no /tmp, no /etc/passwd. */
export const muslImage: TestImage = {
  name: 'sluice-test/musl:1',
  changes: [
    'ENTRYPOINT ["/probe"]',
    'CMD ["libraries"]',
    'ENV LD_PRELOAD=/own.so NODE_OPTIONS=--of-the-image',
  ],
  fill: (root) => fillWithMusl(root),
};

/** Busybox with accounts, of which two are root by another name, one of them for want of a number, and a program, `/probe`, that makes its caller root. */
export const accountsImage: TestImage = {
  name: 'sluice-test/accounts:2',
  changes: ['USER app', 'ENV PATH=/bin'],
  fill: async (root) => {
    await busyboxImage.fill(root);
    const accounts = [
      'root:x:0:0::/root:/bin/sh',
      'toor:x:0:0::/root:/bin/sh',
      'none:x::77::/root:/bin/sh',
      'app:x:1234:77::/srv:/bin/sh',
    ];
    writeFileSync(join(root, 'etc/passwd'), `${accounts.join('\n')}\n`);
    // Programs of busybox give such rights up.
    await fillWithMusl(root);
    chmodSync(join(root, 'probe'), 0o4755);
  },
};

/** All images of the tests. */
export const testImages = [staticImage, busyboxImage, pythonImage, muslImage];

/** Debian's busybox, linked statically. */
export async function busybox(): Promise<string> {
  return join(await unpackedPackages('busybox', ['busybox-static']), 'bin/busybox');
}

function fillCommon(root: string): void {
  for (const folder of ['tmp', 'etc', 'srv', 'root']) mkdirSync(join(root, folder), { recursive: true });
  execFileSync('chmod', ['1777', join(root, 'tmp')]);
}

/** Makes an image unless the engine has it, and gives it its other names. */
export async function ensureImage(engine: EngineClient, image: TestImage): Promise<void> {
  if (!(await hasImage(engine, image.name))) {
    await alone('images', async () => {
      if (!(await hasImage(engine, image.name))) await make(engine, image);
    });
  }
  for (const other of image.standsFor ?? []) {
    if (await hasImage(engine, other)) continue;
    const [repo, tag] = other.split(':');
    await engine.call('POST', `/images/${image.name}/tag`, { query: { repo, tag } });
  }
}

/** Whether the engine has an image of this name. */
export async function hasImage(engine: EngineClient, name: string): Promise<boolean> {
  try {
    await engine.call('GET', `/images/${name}/json`);
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return false;
    throw error;
  }
}

async function make(engine: EngineClient, image: TestImage): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'sluice-image-'));
  try {
    await image.fill(root);
    const args = ['-c', '--owner=0', '--group=0', '--mode=u+rwX,go+rX', '-C', root, '.'];
    const tar = spawn('tar', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [repo, tag] = image.name.split(':');
    const query = new URLSearchParams({ fromSrc: '-', repo: repo ?? '', tag: tag ?? '' });
    for (const change of image.changes) query.append('changes', change);
    const headers = { 'content-type': 'application/x-tar' };
    const answer = await engine.stream('POST', `/images/create?${query}`, { body: tar.stdout, headers });
    const said = await text(answer);
    if (said.includes('"error"')) throw new Error(`the image ${image.name} could not be made: ${said}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
