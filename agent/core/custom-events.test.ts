import { describe, expect, it } from 'vitest';
import { aSpec, DrivenAgent, descriptions, taskId } from '../testing/driven-agent.ts';

function running(): DrivenAgent {
  const agent = DrivenAgent.assigned(aSpec(['a']));
  agent.assign(0);
  agent.answer();
  return agent;
}
const tell = (agent: DrivenAgent, text: string) =>
  agent.take({ type: 'customEvent', taskId: taskId(0), text });

describe('a custom event', () => {
  it('is reported at once and said again until a report with it is answered', () => {
    const agent = running();
    tell(agent, 'half way');
    expect(descriptions(agent.reported(0))).toEqual(['half way']);
    agent.take({ type: 'reportFailed', report: agent.sent.report });
    agent.pass(1_000);
    expect(descriptions(agent.reported(0))).toEqual(['half way']);
    agent.answer();
    agent.pass(10_000);
    expect(descriptions(agent.reported(0))).toEqual([]);
  });

  it('that comes while a report is under way goes with the next', () => {
    const agent = running();
    tell(agent, 'one');
    tell(agent, 'two');
    expect(descriptions(agent.reported(0))).toEqual(['one']);
    agent.answer();
    expect(descriptions(agent.reported(0))).toEqual(['two']);
  });

  it('has no type and no state', () => {
    const agent = running();
    tell(agent, 'one');
    expect(agent.reported(0)?.taskStatus?.statusEvents).toEqual([
      { description: 'one', eventTime: '1970-01-01T00:16:40.000000000Z' },
    ]);
  });

  it('is dropped after the hundredth of an attempt, and that is said', () => {
    const agent = running();
    for (let at = 0; at < 150; at += 1) tell(agent, `event ${at}`);
    agent.answer();
    const said = descriptions(agent.reported(0));
    expect(said).toHaveLength(100);
    expect(said.slice(-2)).toEqual([
      'event 99',
      'More than 100 custom status events; further ones are dropped.',
    ]);
  });

  it.each([
    ['of 1,000 characters is whole', 'x'.repeat(1_000), 'x'.repeat(1_000)],
    ['that is longer is cut', 'x'.repeat(1_001), `${'x'.repeat(999)}…`],
    ['is cut between characters', '𝄞'.repeat(1_001), `${'𝄞'.repeat(999)}…`],
  ])('%s', (_, text, expected) => {
    const agent = running();
    tell(agent, text);
    expect(descriptions(agent.reported(0))).toEqual([expected]);
  });

  it('of a task that is gone is dropped', () => {
    const agent = running();
    expect(agent.take({ type: 'customEvent', taskId: taskId(5), text: 'x' })).toEqual([]);
  });
});
