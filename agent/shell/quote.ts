/** One word of POSIX shell that stands for exactly `text`. */
export function quote(text: string): string {
  return text.includes("'") ? `'${text.replaceAll("'", "'\\''")}'` : `'${text}'`;
}
