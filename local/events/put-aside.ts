import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';

/** Keeps messages that a receiver refuses, a line each with the receiver and the reason, and says so. */
export function putAside(file: string, say: (line: string) => void) {
  return async (receiver: string, event: OutgoingEvent, reason: string): Promise<void> => {
    say(`${receiver} refused event ${event.id}, which is put aside in ${file}: ${reason}`);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, `${JSON.stringify({ receiver, reason, ...event })}\n`, { mode: 0o600 });
  };
}
