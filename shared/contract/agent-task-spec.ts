import { list, mapOf } from './proto/collection.ts';
import { int64 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { bool, duration, text } from './proto/scalar.ts';

export const agentKmsEnvMapSchema = message('AgentKMSEnvMap', { keyName: text(), cipherText: text() });

export const agentEnvironmentSchema = message('AgentEnvironment', {
  variables: mapOf(text()),
  secretVariables: mapOf(text()),
  encryptedVariables: agentKmsEnvMapSchema,
});
export type AgentEnvironment = Infer<typeof agentEnvironmentSchema>;

export const agentContainerSchema = message('AgentContainer', {
  imageUri: text(),
  commands: list(text()),
  entrypoint: text(),
  volumes: list(text()),
  options: text(),
});

export type AgentContainer = Infer<typeof agentContainerSchema>;

export const agentScriptSchema = message('AgentScript', { path: text(), text: text() });

/** A step of a task as the agent sees it. There is no barrier here. */
export const agentTaskRunnableSchema = message('AgentTaskRunnable', {
  container: agentContainerSchema,
  script: agentScriptSchema,
  ignoreExitStatus: bool(),
  background: bool(),
  alwaysRun: bool(),
  environment: agentEnvironmentSchema,
  timeout: duration(),
});
export type AgentTaskRunnable = Infer<typeof agentTaskRunnableSchema>;

export const agentTaskLoggingOptionSchema = message('AgentTaskLoggingOption', { labels: mapOf(text()) });

/** The POSIX account that runs a task; root when absent. */
export const agentTaskUserAccountSchema = message('AgentTaskUserAccount', { uid: int64(), gid: int64() });

/** The newer of the two forms in which an agent is told what a task does; the other is TaskSpec. */
export const agentTaskSpecSchema = message('AgentTaskSpec', {
  environment: agentEnvironmentSchema,
  loggingOption: agentTaskLoggingOptionSchema,
  maxRunDuration: duration(),
  runnables: list(agentTaskRunnableSchema),
  userAccount: agentTaskUserAccountSchema,
});
export type AgentTaskSpec = Infer<typeof agentTaskSpecSchema>;
