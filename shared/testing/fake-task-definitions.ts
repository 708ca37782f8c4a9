import {
  ClientException,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';

/** For tests: ECS, as far as task definitions go, with each call that was made. */
export class FakeTaskDefinitions {
  readonly calls: string[] = [];
  /** Revisions by family; whether each is still active. */
  readonly revisions = new Map<string, boolean[]>();
  /** What was registered, by ARN. */
  readonly registered = new Map<string, RegisterTaskDefinitionCommandInput>();
  /** Called before each answer. */
  onCall: (call: string) => Promise<void> = async () => undefined;

  readonly client = { send: (command: unknown) => this.#answer(command) } as unknown as Pick<
    ECSClient,
    'send'
  >;

  async #answer(command: unknown): Promise<object> {
    const call = (command as object).constructor.name.replace('TaskDefinitionCommand', '');
    this.calls.push(call);
    await this.onCall(call);
    if (command instanceof RegisterTaskDefinitionCommand) {
      const family = String(command.input.family);
      const revisions = this.revisions.get(family) ?? [];
      this.revisions.set(family, [...revisions, true]);
      const taskDefinitionArn = arnOf(family, revisions.length + 1);
      this.registered.set(taskDefinitionArn, command.input);
      return { taskDefinition: { taskDefinitionArn } };
    }
    if (command instanceof DescribeTaskDefinitionCommand) {
      const family = String(command.input.taskDefinition);
      const newest = (this.revisions.get(family) ?? []).lastIndexOf(true);
      if (newest >= 0)
        return { taskDefinition: { taskDefinitionArn: arnOf(family, newest + 1), status: 'ACTIVE' } };
      throw new ClientException({ $metadata: {}, message: 'Unable to describe task definition.' });
    }
    if (command instanceof DeregisterTaskDefinitionCommand) {
      const [family = '', revision = ''] =
        String(command.input.taskDefinition).split('/')[1]?.split(':') ?? [];
      const revisions = this.revisions.get(family) ?? [];
      revisions[Number(revision) - 1] = false;
      return {};
    }
    throw new Error(`${call} is not known`);
  }
}

function arnOf(family: string, revision: number): string {
  return `arn:aws:ecs:us-east-1:000000000000:task-definition/${family}:${revision}`;
}
