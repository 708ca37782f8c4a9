/** What the probe of the musl image is asked: it ends with code 3. */
export const MUSL_QUESTIONS = ['a b', 'libraries', 'preloaded', 'locale', 'places', 'variables', 'exit=3'];

/** The variables that can change how a program starts, as the image itself sets them. */
const OF_IMAGE = ['variable LD_PRELOAD=/own.so', 'variable NODE_OPTIONS=--of-the-image'];

/**
 * What is wrong with the probe's answers: anything of another C library, or of what started it, is. Empty when nothing is.
 * `lines`: what it wrote.
 */
export function wrongAnswers(lines: readonly string[]): string[] {
  const loader = `mapped /lib/ld-musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`;
  const wanted = [
    ...[
      'argument a b',
      'mapped /probe',
      'mapped /own.so',
      loader,
      'preloaded yes',
      'locale C.UTF-8;C;C;C;C;C',
    ],
    ...['no /tmp', 'no /bin/sh', 'no /etc/passwd', ...OF_IMAGE],
  ];
  const disturbing = /^variable (?:LD_|NODE_|UV_|MALLOC_|GLIBC_|SLUICE)/;
  return [
    ...wanted.filter((line) => !lines.includes(line)).map((line) => `lacks: ${line}`),
    ...lines.filter((line) => line.startsWith('mapped ') && !wanted.includes(line)),
    ...lines.filter((line) => disturbing.test(line) && !OF_IMAGE.includes(line)),
  ];
}
