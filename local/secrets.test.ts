import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serviceForTest, temporaryFolder } from './testing/service-for-test.ts';

const secretsFile = join(temporaryFolder(), 'secrets.json');
writeFileSync(secretsFile, JSON.stringify({ 'projects/p/secrets/token/versions/1': 'hunter2-hunter2' }), {
  mode: 0o600,
});
const { api } = serviceForTest({ secretsFile });

it('a secret reaches the runnable and neither the log, the history nor an answer of the API', async () => {
  const text =
    'echo "it has $(printf %s "$TOKEN" | wc -c) characters: $TOKEN"; test "$TOKEN" = hunter2-"hunter2"';
  const environment = { secretVariables: { TOKEN: 'projects/p/secrets/token/versions/1' } };
  await api().createJob('secret', {
    taskGroups: [{ taskSpec: { environment, runnables: [{ script: { text } }] } }],
  });
  expect((await api().waitForEnd('secret')).status?.state).toBe('SUCCEEDED');
  const outcome = await api().outcome('secret');
  expect(outcome.lines).toEqual(['it has 15 characters: ***']);
  expect(JSON.stringify([outcome.job, outcome.tasks])).not.toContain('hunter2-hunter2');
});

it('logsPolicy PATH writes the files and lines that dsub reads', async () => {
  const logsPath = `${temporaryFolder()}/`;
  const logsPolicy = { destination: 'PATH', logsPath };
  const runnables = [{ script: { text: 'echo out; echo err >&2' } }];
  const { uid } = await api().createJob('path', { logsPolicy, taskGroups: [{ taskSpec: { runnables } }] });
  await api().waitForEnd('path');
  const { readFileSync } = await import('node:fs');
  const lineOf = (severity: string, words: string) =>
    new RegExp(
      `^\\[batch_task_logs\\]\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d ${severity}: \\[task_id:task/${uid}-group0-0/0/0,runnable_index:0\\] ${words}$`,
      'm',
    );
  const output = readFileSync(`${logsPath}output-${uid}-group0-0.log`, 'utf8');
  expect(output).toMatch(lineOf('INFO', 'out'));
  expect(output).toMatch(lineOf('ERROR', 'err'));
  expect(readFileSync(`${logsPath}stdout-${uid}-group0-0.log`, 'utf8')).toMatch(lineOf('INFO', 'out'));
  expect(readFileSync(`${logsPath}stderr-${uid}-group0-0.log`, 'utf8')).toMatch(lineOf('ERROR', 'err'));
});
