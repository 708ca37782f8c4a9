import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as Record,
} from '@aws-sdk/client-dynamodb-streams';

/** The first records of a stream that has one shard, as the Streams API gives them. */
export async function recordsOfStream(client: DynamoDBStreamsClient, streamArn: string): Promise<Record[]> {
  const { StreamDescription: stream } = await client.send(
    new DescribeStreamCommand({ StreamArn: streamArn }),
  );
  const [shard] = stream?.Shards ?? [];
  const begin = new GetShardIteratorCommand({
    StreamArn: streamArn,
    ShardId: shard?.ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  const { ShardIterator: iterator } = await client.send(begin);
  return (await client.send(new GetRecordsCommand({ ShardIterator: iterator }))).Records ?? [];
}
