import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** A command as it was sent: its class and its input. */
export interface Sent {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

/** For tests: a client that notes what is sent, and answers with the next of `answers`, or throws it if it is an error. */
export function answeringClient(answers: readonly unknown[]): { client: DynamoDBClient; sent: Sent[] } {
  const sent: Sent[] = [];
  const client = {
    async send(command: { readonly input: Sent['input'] }) {
      const answer = answers[sent.length];
      sent.push({ name: command.constructor.name, input: command.input });
      if (answer instanceof Error) throw answer;
      return answer ?? {};
    },
  };
  return { client: client as unknown as DynamoDBClient, sent };
}
