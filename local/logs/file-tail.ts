import { type FileHandle, open } from 'node:fs/promises';

const CHUNK = 256 * 1024;

/**
 * Hands the lines of a file to `take`, the last one first, until it returns false or so many bytes have been read; what comes
 * after the last line break is no line yet. Returns the bytes that are left to read.
 */
export async function readBackwards(
  path: string,
  bytesAtMost: number,
  take: (line: string) => boolean,
): Promise<number> {
  const file = await open(path, 'r');
  try {
    return await scanBackwards(file, bytesAtMost, take);
  } finally {
    await file.close();
  }
}

async function scanBackwards(
  file: FileHandle,
  bytesAtMost: number,
  take: (line: string) => boolean,
): Promise<number> {
  let { size: position } = await file.stat();
  let left = bytesAtMost;
  // The beginning of a line whose end has been read; undefined until the last line break is found.
  let end: Buffer | undefined;
  while (position > 0 && left > 0) {
    const length = Math.min(CHUNK, position);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, position - length);
    position -= length;
    left -= length;
    let to = buffer.length;
    for (let at = buffer.lastIndexOf(10); at >= 0; at = at === 0 ? -1 : buffer.lastIndexOf(10, at - 1)) {
      const line = end === undefined ? undefined : Buffer.concat([buffer.subarray(at + 1, to), end]);
      if (line !== undefined && !take(line.toString('utf8'))) return left;
      to = at;
      end = Buffer.alloc(0);
    }
    if (end !== undefined) end = Buffer.concat([buffer.subarray(0, to), end]);
  }
  if (position === 0 && end !== undefined && end.length > 0) take(end.toString('utf8'));
  return left;
}
