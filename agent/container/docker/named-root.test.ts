import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type EngineClient, EngineError } from './engine-client.ts';
import { refuseNamedRoot } from './named-root.ts';

const LONG = '9'.repeat(20);
const PASSWD = [
  'root:x:0:0:root:/root:/bin/sh',
  'toor:x:0:0::/:/bin/sh',
  'app:x:1000:1000::/home/app:/bin/sh',
  'empty:x::0::/:/bin/sh',
  'words:x:none:0::/:/bin/sh',
  '#note:x:0:0::/:/bin/sh',
  `${LONG}:x:0:0::/:/bin/sh`,
].join('\n');

/** An archive of one file, as the engine answers it. */
function archiveOf(text: string, type = '0'): Buffer {
  const header = Buffer.alloc(512);
  header.write('passwd', 0);
  header.write(`${Buffer.byteLength(text).toString(8).padStart(11, '0')}\0`, 124);
  header.write(type, 156);
  return Buffer.concat([header, Buffer.from(text), Buffer.alloc(1024)]);
}

function engine(answer: Buffer | EngineError): Pick<EngineClient, 'stream'> {
  const answered = async () => {
    if (answer instanceof EngineError) throw answer;
    return Readable.from([answer]) as IncomingMessage;
  };
  return { stream: answered };
}

describe('a user given by a name', () => {
  it.each(['app', 'app:staff', 'app:5', '7', '7:staff'])('%s is let through', async (user) => {
    await expect(refuseNamedRoot(engine(archiveOf(PASSWD)), 'c', user)).resolves.toBeUndefined();
  });

  it.each(['toor', 'toor:staff', LONG])('%s is root', async (user) => {
    await expect(refuseNamedRoot(engine(archiveOf(PASSWD)), 'c', user)).rejects.toThrow(
      `the image's user "${user.split(':')[0]}" is root, and the task group says runAsNonRoot`,
    );
  });

  // The engine would start each of them as root, but for the last.
  it.each(['empty', 'words', '#note', '+0', 'nobody-there'])('%s has no number', async (user) => {
    await expect(refuseNamedRoot(engine(archiveOf(PASSWD)), 'c', user)).rejects.toThrow(
      `the image has no user "${user}" in its /etc/passwd`,
    );
  });

  it('is nobody in an image without accounts', async () => {
    const none = engine(new EngineError(404, 'no such file'));
    await expect(refuseNamedRoot(none, 'c', 'app')).rejects.toThrow('the image has no user "app"');
  });

  it('cannot be told by accounts that are no file', async () => {
    await expect(refuseNamedRoot(engine(archiveOf('', '2')), 'c', 'app')).rejects.toThrow(
      '/etc/passwd of the image is no file',
    );
  });
});
