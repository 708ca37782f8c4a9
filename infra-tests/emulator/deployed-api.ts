import { type CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { BatchApi, type Fetch } from '../../shared/testing/acceptance/batch-api.ts';

/** A line as agents write it. */
interface OutputLine {
  readonly t: string;
  readonly text: string;
}

export interface LogPlace {
  readonly logs: CloudWatchLogsClient;
  readonly logGroup: string;
  readonly dynamodb: DynamoDBClient;
  readonly tableName: string;
}

/** The deployed API, with the lines of output from where its nodes write them. */
export class DeployedApi extends BatchApi {
  readonly #place: LogPlace;

  constructor(endpoint: string, parent: string, send: Fetch, place: LogPlace) {
    super(endpoint, parent, send);
    this.#place = place;
  }

  override async lines(jobId: string): Promise<string[]> {
    const { logs, logGroup: logGroupName } = this.#place;
    const logStreamNames = await this.#streams(jobId);
    const lines: OutputLine[] = [];
    let nextToken: string | undefined;
    do {
      const page = await logs.send(new FilterLogEventsCommand({ logGroupName, logStreamNames, nextToken }));
      const texts = (page.events ?? [])
        .map(({ message = '' }) => message)
        .filter((text) => text.startsWith('{"t"'));
      lines.push(...texts.map((text) => JSON.parse(text) as OutputLine));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return lines.sort((a, b) => (a.t < b.t ? -1 : a.t > b.t ? 1 : 0)).map(({ text }) => text);
  }

  /** The streams of the job's nodes, as they have told them. */
  async #streams(jobId: string): Promise<string[]> {
    const { dynamodb, tableName } = this.#place;
    const job = await this.getJob(jobId);
    const streams: string[] = [];
    for (const groupId of Object.keys(job.status?.taskGroups ?? {})) {
      const query = new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `N#${job.uid}#${groupId}#0` } },
      });
      for (const item of (await dynamodb.send(query)).Items ?? []) {
        const { logStream } = JSON.parse(item.body?.S ?? '{}') as { logStream?: string };
        if (logStream !== undefined) streams.push(logStream);
      }
    }
    return streams;
  }
}
