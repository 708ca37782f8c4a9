/** A `sluice` whose own service is a fake one, for tests of the real process: `node run-with-fake-service.ts SCRIPT.json run …`. */
import { readFileSync } from 'node:fs';
import { processHost } from '../host.ts';
import { runCli } from '../run-cli.ts';
import { type FakeJobScript, fakeJob } from './fake-job.ts';
import { FakeLocalParts } from './fake-local-parts.ts';

const [scriptFile = '', ...args] = process.argv.slice(2);
const script = JSON.parse(readFileSync(scriptFile, 'utf8')) as FakeJobScript;
const parts = new FakeLocalParts(fakeJob(script));
const code = await runCli(args, processHost(), parts);
process.stderr.write(`closed with ${JSON.stringify(parts.closedWith)}\n`);
process.exit(code);
