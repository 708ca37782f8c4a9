import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/** Where alarms go: by e-mail, if there is an address; anything else can be subscribed to the topic. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, email: string | undefined) {
    super(scope, 'Alarms');
    this.topic = new Topic(this, 'Topic', { displayName: 'Sluice alarms', enforceSSL: true });
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }

  /** Tells when an alarm is raised, and when it is over. */
  tellOf(alarm: Alarm): void {
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
  }
}
