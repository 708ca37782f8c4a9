import { openStore } from '../../shared/aws/open-store.ts';
import { openTaskAnswers } from '../../shared/aws/open-workflow.ts';
import { waitForStage } from '../../shared/aws/stage-wait.ts';
import { environmentOf } from '../lambda/environment.ts';
import { payloads } from '../lambda/payloads.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { serviceHandler } from '../lambda/service-handler.ts';

const store = openStore(environmentOf('wait-for-stage').TABLE_NAME);
const answer = openTaskAnswers();

/** Keeps the token of a stage until the stage has ended; at once, when it has. */
export const handler = serviceHandler(payloads['wait-for-stage'], (wait) =>
  waitForStage({ store, clock, answer }, wait),
);
