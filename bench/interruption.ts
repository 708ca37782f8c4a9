/** Runs a benchmark, which ends what it has started when the signal aborts: that is Ctrl-C, and makes the exit code 130. */
export async function interruptible(run: (interrupted: AbortSignal) => Promise<void>): Promise<void> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interruption.abort(new Error('interrupted')));
  }
  try {
    await run(interruption.signal);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    console.error('interrupted; everything that was started has been stopped');
    process.exitCode = 130;
  }
}
