import { readFileSync, rmSync } from 'node:fs';
import { FakeService } from './fake-service.ts';
import { startAgent } from './run-agent.ts';

// How many tasks a second one real agent runs against a fake service in this process, and what each costs the agent:
// node agent/testing/measure.ts [tasks] [slots] [script] [program] [least report interval]
const [tasks = '5000', slots = '3', script = 'true', program, interval = '0.020s'] = process.argv.slice(2);

const service = new FakeService({
  minReportInterval: interval,
  taskCount: Number(tasks),
  assignment: {
    jobUid: 'measured-job',
    jobId: 'j',
    groupId: 'group0',
    taskSlots: Number(slots),
    taskSpec: { runnables: [{ script: { text: script } }] },
  },
});
const endpoint = await service.listen();
const startedAt = performance.now();
const agent = startAgent(endpoint, {}, process.env, program);
while (service.reports.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
const firstReportAt = performance.now();
await service.done();
const seconds = (performance.now() - firstReportAt) / 1000;
const cpu = cpuMs(agent.process.pid ?? 0);
service.refusal = { code: 400, status: 'FAILED_PRECONDITION' };
service.nudge();
await agent.exit;
const own = process.cpuUsage();
console.log({
  startMs: Math.round(firstReportAt - startedAt),
  tasksPerSecond: Math.round(Number(tasks) / seconds),
  agentCpuMicrosPerTask: Math.round((cpu * 1000) / Number(tasks)),
  serviceCpuMicrosPerTask: Math.round((own.user + own.system) / Number(tasks)),
  reports: service.reports.length,
  failed: [...service.outcomes.values()].filter(({ state }) => state !== 'SUCCEEDED').length,
});
await service.close();
rmSync(agent.folder, { recursive: true, force: true });

/** User and system time of a process on Linux; its children are not counted. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
