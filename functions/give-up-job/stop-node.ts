/** Ends a node by the ARN of its ECS task; nothing happens when it has gone already. */
export type StopNode = (taskArn: string, reason: string) => Promise<void>;
