/** What a command that `execFile` ran and that failed said first: why, in most. */
export function firstLine(error: unknown): string {
  const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string };
  return (stderr || stdout || message).trim().split('\n')[0] ?? message;
}
