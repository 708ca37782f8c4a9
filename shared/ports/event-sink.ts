import type { EventMessage } from '../contract/event.ts';

/** A message on its way out. */
export interface OutgoingEvent {
  /** The same whenever the same change is published: a receiver that has it may pass over it. */
  readonly id: string;
  /** Messages of one subject arrive in their order. */
  readonly subject: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** An event, or the text of a notification. */
  readonly message: EventMessage | string;
  /** The topic that a notification goes to, as its job names it; events go to the deployment's own receivers. */
  readonly topic?: string;
}

/** A message that was not taken. */
export interface FailedEvent {
  readonly id: string;
  readonly reason: string;
  /** Whether it may be taken another time. */
  readonly retryable: boolean;
}

/** Where events go. What it throws says that it took nothing, and that all may be sent again. */
export interface EventSink {
  /** Messages that one call takes: ten on SNS. */
  readonly batchSize: number;
  /** A batch is taken in order and as a whole, so that a subject may be in it twice. */
  readonly keepsOrder: boolean;
  /** Messages of different lanes are never in one batch, and no lane waits for another. All are in one lane by default. */
  laneOf?(event: OutgoingEvent): string;
  publish(batch: readonly OutgoingEvent[]): Promise<{ readonly failed: readonly FailedEvent[] }>;
}
