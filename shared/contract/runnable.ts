import { environmentSchema } from './environment.ts';
import { list, mapOf } from './proto/collection.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { bool, duration, text } from './proto/scalar.ts';

export const containerSchema = message('Container', {
  imageUri: text(),
  /** Arguments to the entry point. */
  commands: list(text()),
  entrypoint: text(),
  volumes: list(text()),
  options: text(),
  blockExternalNetwork: bool(),
  username: text(),
  password: text(),
  enableImageStreaming: bool(),
});
export type Container = Infer<typeof containerSchema>;

export const scriptSchema = message('Script', { path: text(), text: text() }, { command: ['path', 'text'] });
export type Script = Infer<typeof scriptSchema>;

export const barrierSchema = message('Barrier', { name: text() });
export type Barrier = Infer<typeof barrierSchema>;

/** One step of a task: a container, a script or a barrier. */
export const runnableSchema = message(
  'Runnable',
  {
    container: containerSchema,
    script: scriptSchema,
    barrier: barrierSchema,
    displayName: text(),
    ignoreExitStatus: bool(),
    background: bool(),
    alwaysRun: bool(),
    environment: environmentSchema,
    timeout: duration(),
    labels: mapOf(text()),
  },
  { executable: ['container', 'script', 'barrier'] },
);
export type Runnable = Infer<typeof runnableSchema>;
