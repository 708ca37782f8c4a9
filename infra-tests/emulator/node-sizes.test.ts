import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { expect, it } from 'vitest';
import { describeDeployed } from './describe-deployed.ts';
import { nodesOfJob } from './nodes-of-job.ts';

const runnables = [{ script: { text: 'true' } }];
const needing = (computeResource: object) => ({ taskGroups: [{ taskSpec: { runnables, computeResource } }] });
const small = { cpuMilli: 500, memoryMib: 1024 };

describeDeployed('the nodes of the deployed stack', (stack) => {
  const { api, clients } = stack;

  /** The definition of the nodes that ran a job, once it has succeeded. */
  async function definitionOf(jobId: string, job: object) {
    const { uid = '' } = await api.createJob(jobId, job);
    expect((await api.waitForEnd(jobId, 120)).status?.state).toBe('SUCCEEDED');
    const [node] = await nodesOfJob(stack, uid);
    const taskDefinition = node?.taskDefinitionArn;
    const described = await clients.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    return described.taskDefinition ?? {};
  }

  it('are of one definition for jobs that need the same, and larger for one that needs more', async () => {
    const one = await definitionOf('small-one', needing(small));
    const two = await definitionOf('small-two', { ...needing(small), labels: { team: 'two' } });
    const large = await definitionOf('large', needing({ cpuMilli: 4000, memoryMib: 20_000 }));
    expect(two.taskDefinitionArn).toBe(one.taskDefinitionArn);
    expect(one).toMatchObject({ cpu: '512', memory: '2048', revision: 1 });
    expect(large).toMatchObject({ cpu: '4096', memory: '20480', revision: 1 });
    expect(large.family).not.toBe(one.family);
  });

  it('run scripts in the image that the job names, which has no Node.js', async () => {
    const text = 'command -v node; python3 -c "import sys; print(sys.version_info.major)"';
    const taskSpec = { runnables: [{ script: { text } }], computeResource: small };
    const policy = { bootDisk: { image: 'python:3.12-slim' } };
    const job = { taskGroups: [{ taskSpec }], allocationPolicy: { instances: [{ policy }] } };
    await api.createJob('in-python', job);
    expect((await api.waitForEnd('in-python', 120)).status?.state).toBe('SUCCEEDED');
    expect((await api.outcome('in-python')).lines).toEqual(['3']);
  });

  it('run scripts there as nobody in particular, where the group is not to be root', async () => {
    // What changes the user comes with the runtime, for the image does not have it.
    const text =
      'command -v setpriv; echo "$(id -u) at $HOME"; echo mine > "$HOME/x" && rm "$HOME/x" && echo open';
    const taskSpec = { runnables: [{ script: { text } }], computeResource: small };
    const policy = { bootDisk: { image: 'python:3.12-slim' } };
    await api.createJob('non-root-in-python', {
      taskGroups: [{ runAsNonRoot: true, taskSpec }],
      allocationPolicy: { instances: [{ policy }] },
    });
    expect((await api.waitForEnd('non-root-in-python', 120)).status?.state).toBe('SUCCEEDED');
    const { lines } = await api.outcome('non-root-in-python');
    expect(lines).toEqual([expect.stringMatching(/^48484 at \/tmp\/sluice-.*\/home$/), 'open']);
  });

  it('have the processor that their images are made for, and the usual one where there are none', async () => {
    // Arm64 is usual in this deployment; the images of tests are made for the machine that runs them.
    const [processor, made] = process.arch === 'arm64' ? ['ARM64', 'linux/arm64'] : ['X86_64', 'linux/amd64'];
    const ofScript = await definitionOf('usual', needing(small));
    expect(ofScript.runtimePlatform?.cpuArchitecture).toBe('ARM64');
    const runnables = [{ container: { imageUri: 'busybox', commands: ['true'] } }];
    const ofImage = await definitionOf('of-image', {
      taskGroups: [{ taskSpec: { runnables, computeResource: small } }],
    });
    expect(ofImage.runtimePlatform?.cpuArchitecture).toBe(processor);
    const { job } = await api.outcome('of-image');
    const notes = job.status?.statusEvents?.map(({ description }) => description) ?? [];
    const why = `Nodes of group0 have ${made} rather than linux/arm64, which is usual here: busybox is made for ${made}`;
    expect(notes.filter((note) => note?.startsWith(why))).toHaveLength(processor === 'ARM64' ? 0 : 1);
  });

  it('of a processor that an image lacks are none, and the job says which image has which', async () => {
    const [machineType, made, wanted] =
      process.arch === 'arm64'
        ? ['e2-standard-2', 'linux/arm64', 'linux/amd64']
        : ['t2a-standard-2', 'linux/amd64', 'linux/arm64'];
    const runnables = [{ container: { imageUri: 'busybox', commands: ['true'] } }];
    const allocationPolicy = { instances: [{ policy: { machineType } }] };
    await api.createJob('other-processor', { taskGroups: [{ taskSpec: { runnables } }], allocationPolicy });
    const { status } = await api.waitForEnd('other-processor', 120);
    expect(status?.state).toBe('FAILED');
    expect(status?.statusEvents?.at(-1)?.description).toContain(
      `busybox is made for ${made}, sluice-test/node:24 for ${made}; the machine type "${machineType}" asks for ${wanted}`,
    );
  });

  it('cannot be what Fargate does not have', async () => {
    const tooLarge = needing({ cpuMilli: 17_000 });
    await expect(api.createJob('too-large', tooLarge)).rejects.toThrow(/cpuMilli.*16000.*given 17000/);
  });
});
