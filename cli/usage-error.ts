/** What the user typed, or the file that they named, is wrong. The message says what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The service that `run` or `serve` was to start in this process did not start. */
export class ServiceNotStarted extends Error {
  override readonly name = 'ServiceNotStarted';
}
