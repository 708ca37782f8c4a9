const BLOCK = 512;
const MODE = '0001777';

/**
 * A tar archive that holds nothing but its own root folder, with a mode that lets every user write: unpacked over a
 * folder in a container, it opens that folder.
 */
export function openFolderArchive(nowMs: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  // Of a folder named `.` the engine does not take over the mode.
  header.write('/', 0);
  header.write(`${MODE}\0`, 100);
  for (const at of [108, 116]) header.write('0000000\0', at);
  header.write('00000000000\0', 124);
  header.write(
    `${Math.floor(nowMs / 1000)
      .toString(8)
      .padStart(11, '0')}\0`,
    136,
  );
  header.write(' '.repeat(8), 148);
  header.write('5', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((before, byte) => before + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  // Two empty blocks are the end.
  return Buffer.concat([header, Buffer.alloc(2 * BLOCK)]);
}
