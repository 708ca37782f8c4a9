import { stackUnderTest } from './stack-under-test.ts';

/** Where the stacks of these tests go. */
export const place = { account: '123456789012', region: 'eu-west-1' };
const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
export const setting = { closedNetwork: true, closedNodeImage: `${ECR}/node:24` };

/** A stack with a closed network. */
export function closedStackUnderTest() {
  const stack = stackUnderTest({ ...place, ...setting });
  /** What of a type belongs to the closed network. */
  const inClosed = (type: string) => stack.all(type).filter(([id]) => id.startsWith('ClosedNodeNetwork'));
  const groupOf = (name: string) =>
    inClosed('AWS::EC2::SecurityGroup').find(([id]) => id.startsWith(`ClosedNodeNetwork${name}`))?.[0] ?? '';
  return { ...stack, inClosed, nodes: groupOf('Nodes'), endpointGroup: groupOf('Endpoints') };
}
