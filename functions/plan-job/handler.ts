import { openStore } from '../../shared/aws/open-store.ts';
import { capacityOf, environmentOf } from '../lambda/environment.ts';
import { payloads } from '../lambda/payloads.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { serviceHandler } from '../lambda/service-handler.ts';
import { planJob } from './plan-job.ts';

const env = environmentOf('plan-job');
const store = openStore(env.TABLE_NAME);
const capacity = capacityOf(env);

/** First state of a run: the ids of the job's groups. */
export const handler = serviceHandler(payloads['plan-job'], async ({ jobUid }) => {
  const groups = await planJob({ store, clock }, capacity, jobUid);
  return { groups: groups.map(({ groupId }) => groupId) };
});
