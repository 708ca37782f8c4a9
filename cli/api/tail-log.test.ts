import { expect, it } from 'vitest';
import { FakeHost } from '../testing/fake-host.ts';
import { FakeService } from '../testing/fake-service.ts';
import { BatchClient } from './batch-client.ts';
import { Connection } from './connection.ts';
import { tailLog } from './tail-log.ts';

const job = { project: 'local', location: 'us-central1', jobId: 'my-job' };

/** Follows a job that has ended, whose output comes in these pages. */
async function tailed(pages: readonly { text?: string; mayGrow: boolean }[], follow?: boolean) {
  let asked = 0;
  await using service = await FakeService.start(() => {
    const { text, mayGrow } = pages[Math.min(asked++, pages.length - 1)] ?? { mayGrow: false };
    return { json: { entries: text === undefined ? [] : [{ text }], nextPageToken: String(asked), mayGrow } };
  });
  const host = new FakeHost();
  const client = new BatchClient(new Connection({ endpoint: service.endpoint, host }));
  const texts: string[] = [];
  await tailLog({
    client,
    host,
    job,
    onEntries: (entries) => texts.push(...entries.map((entry) => entry.text)),
    hasEnded: () => true,
    ...(follow === undefined ? {} : { follow }),
  });
  return { texts, asked };
}

it('waits for what a job wrote last and what is still on its way', async () => {
  const pages = [
    { text: 'a', mayGrow: true },
    { mayGrow: true },
    { mayGrow: true },
    { text: 'b', mayGrow: true },
    { mayGrow: false },
  ];
  expect((await tailed(pages)).texts).toEqual(['a', 'b']);
});

it('does not wait when it is not to follow, nor when nothing can come', async () => {
  expect(await tailed([{ text: 'a', mayGrow: true }, { mayGrow: true }], false)).toMatchObject({
    texts: ['a'],
    asked: 3,
  });
  expect(await tailed([{ text: 'a', mayGrow: false }, { mayGrow: false }])).toMatchObject({
    texts: ['a'],
    asked: 3,
  });
});
