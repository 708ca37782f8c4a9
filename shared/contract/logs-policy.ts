import { enumOf } from './proto/enum.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { bool, text } from './proto/scalar.ts';

export const logDestinations = { DESTINATION_UNSPECIFIED: 0, CLOUD_LOGGING: 1, PATH: 2 } as const;
export type LogDestination = keyof typeof logDestinations;

export const cloudLoggingOptionSchema = message('CloudLoggingOption', {
  useGenericTaskMonitoredResource: bool(),
});

/** Where the output of runnables is kept. Default: nowhere. */
export const logsPolicySchema = message('LogsPolicy', {
  destination: enumOf('LogsPolicy.Destination', logDestinations),
  /** A path on the node, for the destination PATH. */
  logsPath: text(),
  cloudLoggingOption: cloudLoggingOptionSchema,
});
export type LogsPolicy = Infer<typeof logsPolicySchema>;
