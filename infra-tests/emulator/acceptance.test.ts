import { describe } from 'vitest';
import { acceptanceSuite } from '../../shared/testing/acceptance/acceptance-suite.ts';
import { deployedStack, whyNot } from './deployed-stack.ts';

const stack = deployedStack();

describe.skipIf(typeof stack === 'string')(`the deployed stack${whyNot(stack)}`, () => {
  if (typeof stack !== 'string')
    acceptanceSuite({ name: 'the emulator', api: () => stack.api, manyMachines: true, seconds: 120 });
});
