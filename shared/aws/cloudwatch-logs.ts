import {
  type CloudWatchLogsClient,
  DeleteLogStreamCommand,
  type FilteredLogEvent,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { unavailable } from '../contract/error.ts';
import type { NodeStream, StreamsOf } from '../core/node-stream.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogEntry, LogPage, LogQuery, LogReader, TailQuery } from '../ports/log-reader.ts';
import { readCursor, takePage, writeCursor } from './log-cursor.ts';
import { readMessage } from './log-line.ts';

export interface CloudWatchLogsPorts {
  readonly client: CloudWatchLogsClient;
  readonly logGroup: string;
  readonly clock: Clock;
  /** Streams of nodes, in an order that does not change. */
  readonly streamsOf: (whose: StreamsOf) => Promise<readonly NodeStream[]>;
}

/** FilterLogEvents takes so many names. */
const STREAMS_A_CALL = 100;
/** FilterLogEvents and GetLogEvents answer with so many events at most. */
const EVENTS_A_CALL = 10_000;
/** The log driver sends every few seconds, and what was sent is found a little later. */
const DELAY_MS = 15_000;
/** Less than a function has to answer in. */
const PATIENCE_MS = 20_000;
const TAIL_CALLS = 10;
const DELETIONS_AT_ONCE = 5;

interface LogEvent {
  readonly key: string;
  readonly at: number;
  readonly entry: LogEntry;
}

/** Events of some streams in order, all that there are up to a time. */
interface Found {
  readonly events: readonly LogEvent[];
  readonly until: number;
}

/**
 * Reads what nodes wrote to CloudWatch Logs, a stream a node: with FilterLogEvents, which reads a hundred streams at once,
 * merged by time, and looks for a task where the log is.
 */
export class CloudWatchLogs implements LogReader {
  readonly delayMs = DELAY_MS;
  readonly #ports: CloudWatchLogsPorts;

  constructor(ports: CloudWatchLogsPorts) {
    this.#ports = ports;
  }

  async read(query: LogQuery): Promise<LogPage> {
    const { clock, streamsOf } = this.#ports;
    const streams = await streamsOf(query);
    const startedAt = clock.now();
    const cursor = readCursor(query.cursor);
    const wanted = query.limit + Object.values(cursor.given).reduce((sum, count) => sum + count, 0);
    const found = await Promise.all(
      chunks(streams).map((chunk) => this.#findAll(chunk, query, cursor.from, wanted, startedAt)),
    );
    const { page, cursor: next } = takePage(
      merged(found.flat()),
      cursor,
      query.limit,
      clock.now() - DELAY_MS,
    );
    return { entries: page.map(({ entry }) => entry), cursor: writeCursor(next) };
  }

  async tail({ lines, ...task }: TailQuery): Promise<LogEntry[]> {
    const streams = await this.#ports.streamsOf(task);
    let entries: LogEntry[] = [];
    // The newest node last: its attempt is the one that counts.
    for (const stream of streams.toReversed().slice(0, TAIL_CALLS)) {
      if (entries.length >= lines) break;
      entries = [...(await this.#endOf(stream, task.task, lines - entries.length)), ...entries];
    }
    return entries;
  }

  async remove(jobUid: string): Promise<void> {
    const { client, logGroup, streamsOf } = this.#ports;
    const streams = [...(await streamsOf({ jobUid }))];
    const remove = async () => {
      for (let stream = streams.pop(); stream !== undefined; stream = streams.pop()) {
        const command = new DeleteLogStreamCommand({ logGroupName: logGroup, logStreamName: stream.name });
        await client.send(command).catch(ignoreMissing);
      }
    };
    await Promise.all(Array.from({ length: DELETIONS_AT_ONCE }, remove));
  }

  /** One stream that is not there refuses the call for all; which one it is, the refusal does not say. */
  async #findAll(
    streams: readonly NodeStream[],
    ...what: [query: LogQuery, from: number, wanted: number, startedAt: number]
  ): Promise<Found[]> {
    const found = await this.#find(streams, ...what).catch(ignoreMissing);
    if (found !== undefined) return [found];
    if (streams.length === 1) return [];
    const half = Math.ceil(streams.length / 2);
    const halves = [streams.slice(0, half), streams.slice(half)];
    return (await Promise.all(halves.map((some) => this.#findAll(some, ...what)))).flat();
  }

  async #find(
    streams: readonly NodeStream[],
    { task }: LogQuery,
    from: number,
    wanted: number,
    startedAt: number,
  ): Promise<Found> {
    const { client, logGroup } = this.#ports;
    const byName = new Map(streams.map((stream) => [stream.name, stream]));
    const limit = Math.min(EVENTS_A_CALL, Math.max(wanted, 1_000));
    const events: LogEvent[] = [];
    let nextToken: string | undefined;
    for (;;) {
      const answer = await client.send(
        new FilterLogEventsCommand({
          logGroupName: logGroup,
          logStreamNames: [...byName.keys()],
          startTime: from,
          limit,
          ...(task === undefined ? {} : { filterPattern: `{ $.task = ${task} }` }),
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      const page = answer.events ?? [];
      for (const event of page) {
        const read = readEvent(event, byName);
        if (read !== undefined && (task === undefined || read.entry.task === task)) events.push(read);
      }
      nextToken = answer.nextToken;
      if (nextToken === undefined) return { events, until: Number.POSITIVE_INFINITY };
      if (events.length >= wanted) return { events, until: events.at(-1)?.at ?? from };
      this.#checkTime(startedAt);
    }
  }

  /** Backwards from a stream's end. A stream's last page says so by answering with the token that it was asked with. */
  async #endOf(stream: NodeStream, task: number, wanted: number): Promise<LogEntry[]> {
    const { client, logGroup } = this.#ports;
    let entries: LogEntry[] = [];
    let nextToken: string | undefined;
    for (let calls = 0; calls < TAIL_CALLS && entries.length < wanted; calls += 1) {
      const command = new GetLogEventsCommand({
        logGroupName: logGroup,
        logStreamName: stream.name,
        startFromHead: false,
        limit: EVENTS_A_CALL,
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      const { events = [], nextBackwardToken } = (await client.send(command).catch(ignoreMissing)) ?? {};
      const read = events.map(({ message }) => readMessage(message ?? '', stream));
      entries = [
        ...read.filter((entry) => entry !== undefined && entry.task === task),
        ...entries,
      ] as LogEntry[];
      if (nextBackwardToken === undefined || nextBackwardToken === nextToken) break;
      nextToken = nextBackwardToken;
    }
    return entries.slice(-wanted);
  }

  #checkTime(startedAt: number): void {
    if (this.#ports.clock.now() - startedAt < PATIENCE_MS) return;
    throw unavailable(
      'Looking through the output takes too long; ask for one task, such as group0/3, or try again.',
    );
  }
}

function readEvent(event: FilteredLogEvent, byName: ReadonlyMap<string, NodeStream>): LogEvent | undefined {
  const { logStreamName = '', message = '', timestamp = 0 } = event;
  const stream = byName.get(logStreamName);
  const entry = stream && readMessage(message, stream);
  return entry && { key: stream.key, at: timestamp, entry };
}

function chunks(streams: readonly NodeStream[]): NodeStream[][] {
  return Array.from({ length: Math.ceil(streams.length / STREAMS_A_CALL) }, (_, at) =>
    streams.slice(at * STREAMS_A_CALL, (at + 1) * STREAMS_A_CALL),
  );
}

/** All events up to the time to which all are known. A stream's own order is kept, for the sort is stable. */
function merged(found: readonly Found[]): LogEvent[] {
  const until = Math.min(Number.POSITIVE_INFINITY, ...found.map((one) => one.until));
  const events = found.flatMap((one) => one.events).filter(({ at }) => at <= until);
  return events.sort((a, b) => a.at - b.at);
}

/** A node that has written nothing has no stream, and one that is old has none any more. */
function ignoreMissing(error: unknown): undefined {
  if (error instanceof ResourceNotFoundException) return undefined;
  throw error;
}
