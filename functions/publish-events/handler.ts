import { openStore } from '../../shared/aws/open-store.ts';
import { openSnsSink } from '../../shared/aws/sns-sink.ts';
import { openDeadLetter } from '../../shared/aws/sqs-dead-letter.ts';
import { wantsTaskEvents } from '../../shared/core/events/job-facts.ts';
import { environmentOf } from '../lambda/environment.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { logger, metrics, serviceHandler } from '../lambda/service-handler.ts';
import { consumeStream, streamEvent } from '../lambda/stream-event.ts';
import { EventPublisher } from './publish-events.ts';

const env = environmentOf('publish-events');
const putAside = openDeadLetter(env.PUT_ASIDE_URL);
const publisher = new EventPublisher({
  store: openStore(env.TABLE_NAME),
  clock,
  feed: 'ordered by item',
  publishesTasks: wantsTaskEvents,
  sink: openSnsSink({
    topics: { jobs: env.JOB_TOPIC, tasks: env.TASK_TOPIC, nodes: env.NODE_TOPIC },
    rule: env.TOPIC_RULE,
  }),
  deadLetter: async (event, reason) => {
    logger.error('a message could not be published and is put aside', { id: event.id, reason });
    metrics.addMetric('EventsPutAside', 'Count', 1);
    await putAside(event, reason);
  },
});

/** Consumes the change feed: what it tells is published. Nothing else publishes. */
export const handler = serviceHandler(streamEvent, (event) =>
  consumeStream(
    event,
    (changes) => publisher.consume(changes),
    (error) => logger.error('changes could not be published', { error }),
  ),
);
