import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';

interface FakeEvent {
  readonly timestamp: number;
  readonly ingested: number;
  readonly message: string;
}

/** CloudWatch Logs as its reference describes the three calls that are used of it. Pages are small. */
export class FakeCloudWatchLogs {
  readonly streams = new Map<string, FakeEvent[]>();
  readonly calls: { name: string; input: unknown }[] = [];
  readonly #pageSize: number;
  #ingested = 0;

  constructor(pageSize = 500) {
    this.#pageSize = pageSize;
  }

  get client(): CloudWatchLogsClient {
    return { send: (command: never) => this.#send(command) } as unknown as CloudWatchLogsClient;
  }

  put(stream: string, timestamp: number, message: string): void {
    const events = this.streams.get(stream) ?? [];
    this.streams.set(stream, events);
    this.#ingested += 1;
    events.push({ timestamp, ingested: this.#ingested, message });
  }

  async #send(command: { input: never }): Promise<unknown> {
    const { name } = command.constructor;
    this.calls.push({ name, input: command.input });
    if (name === 'FilterLogEventsCommand') return this.#filter(command.input);
    if (name === 'GetLogEventsCommand') return this.#get(command.input);
    if (name === 'DeleteLogStreamCommand') return this.#delete(command.input);
    throw new Error(`the fake does not know ${name}`);
  }

  /** Events of up to a hundred streams, all of them there, by time, then by when they came in; `{ $.task = N }` is the one pattern. */
  #filter(input: {
    logStreamNames: string[];
    startTime: number;
    limit: number;
    filterPattern?: string;
    nextToken?: string;
  }) {
    const { logStreamNames: names, startTime, limit, filterPattern, nextToken } = input;
    if (names.length < 1 || names.length > 100)
      throw new Error(`between 1 and 100 streams; ${names.length} given`);
    if (limit < 1 || limit > 10_000) throw new Error(`a limit between 1 and 10,000; ${limit} given`);
    const wanted =
      filterPattern === undefined ? undefined : Number(/^\{ \$\.task = (\d+) \}$/.exec(filterPattern)?.[1]);
    const all = names
      .flatMap((name) => this.#stream(name).map((event) => ({ ...event, logStreamName: name })))
      .filter(({ timestamp }) => timestamp >= startTime)
      .sort((a, b) => a.timestamp - b.timestamp || a.ingested - b.ingested);
    // A call looks at so many events, whether they match or not, and may find none.
    const from = Number(nextToken ?? 0);
    const size = Math.min(limit, this.#pageSize);
    const events = all
      .slice(from, from + size)
      .filter(({ message }) => wanted === undefined || taskIn(message) === wanted);
    return { events, ...(from + size < all.length ? { nextToken: String(from + size) } : {}) };
  }

  #get({ logStreamName, limit, nextToken }: { logStreamName: string; limit: number; nextToken?: string }) {
    const events = this.#stream(logStreamName);
    const to = nextToken === undefined ? events.length : Number(nextToken);
    const from = Math.max(0, to - Math.min(limit, this.#pageSize));
    return { events: events.slice(from, to), nextBackwardToken: String(from) };
  }

  #delete({ logStreamName }: { logStreamName: string }) {
    this.#stream(logStreamName);
    this.streams.delete(logStreamName);
    return {};
  }

  #stream(name: string): FakeEvent[] {
    const events = this.streams.get(name);
    if (events !== undefined) return events;
    throw new ResourceNotFoundException({
      $metadata: {},
      message: 'The specified log stream does not exist.',
    });
  }
}

function taskIn(message: string): number | undefined {
  try {
    return (JSON.parse(message) as { task: number }).task;
  } catch {
    return undefined;
  }
}
