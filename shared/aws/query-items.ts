import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { IndexName, Item, Range } from '../ports/store.ts';
import type { Table } from './get-items.ts';
import { type Attributes, readIndexed, readItem, type StoredItem } from './stored-item.ts';
import { storeSortKey } from './stored-key.ts';

/** Strongly consistent, page by page; a range over several pages is no snapshot. */
export async function queryItems<Body>(table: Table, range: Range): Promise<Item<Body>[]> {
  const { from, to, ...rest } = range;
  const stored = await queryStored(
    table,
    {
      ...rest,
      ...(from === undefined ? {} : { from: storeSortKey(from) }),
      ...(to === undefined ? {} : { to: storeSortKey(to) }),
    },
    { pk: 'pk', sk: 'sk' },
    { ConsistentRead: true },
  );
  return stored.map(readItem<Body>);
}

/** Eventually consistent, for so are the indexes: a commit shows up in them a little later than in the table. */
export async function queryIndexedItems<Body>(
  table: Table,
  index: IndexName,
  range: Range,
): Promise<(Item<Body> & { indexSk: string })[]> {
  const { from, ...rest } = range;
  if (rest.to === '') return [];
  const stored = await queryStored(
    table,
    // All entries have longer keys than the empty one.
    from ? { ...rest, from } : rest,
    { pk: `${index}pk`, sk: `${index}sk` },
    { IndexName: index },
  );
  return stored.map((item) => readIndexed<Body>(index, item));
}

async function queryStored(
  { client, tableName }: Table,
  range: Range,
  names: { pk: string; sk: string },
  how: Pick<QueryCommandInput, 'IndexName' | 'ConsistentRead'>,
): Promise<Attributes[]> {
  if (isEmpty(range)) return [];
  const found: Attributes[] = [];
  let startKey: StoredItem | undefined;
  do {
    // One more than is wanted, for the item at the open end may be among them.
    const left = range.limit - found.length + 1;
    const query = new QueryCommand({
      TableName: tableName,
      ...how,
      ...condition(range, names),
      ScanIndexForward: range.reverse !== true,
      ...(left < 2 ** 31 ? { Limit: left } : {}),
      ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
    });
    const page = await client.send(query);
    const items = page.Items ?? [];
    found.push(...items.filter((item) => item[names.sk]?.S !== range.to));
    startKey = page.LastEvaluatedKey;
  } while (startKey !== undefined && found.length < range.limit);
  return found.slice(0, range.limit);
}

function isEmpty({ from, to, limit }: Range): boolean {
  if (limit <= 0) return true;
  return from !== undefined && to !== undefined && Buffer.compare(Buffer.from(from), Buffer.from(to)) >= 0;
}

/** DynamoDB takes one condition on the sort key, and one with two ends includes both of them. */
function condition({ pk, from, to }: Range, names: { pk: string; sk: string }) {
  const bounds = [...(from === undefined ? [] : ['from']), ...(to === undefined ? [] : ['to'])].join('-');
  const sortKey = {
    '': '',
    from: ' AND #sk >= :from',
    to: ' AND #sk < :to',
    'from-to': ' AND #sk BETWEEN :from AND :to',
  };
  return {
    KeyConditionExpression: `#pk = :pk${sortKey[bounds as keyof typeof sortKey]}`,
    ExpressionAttributeNames: { '#pk': names.pk, ...(bounds === '' ? {} : { '#sk': names.sk }) },
    ExpressionAttributeValues: {
      ':pk': { S: pk },
      ...(from === undefined ? {} : { ':from': { S: from } }),
      ...(to === undefined ? {} : { ':to': { S: to } }),
    },
  };
}
