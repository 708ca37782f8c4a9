import { expect, it } from 'vitest';
import { KeptTerminal } from '../testing/fake-host.ts';
import { Screen } from './screen.ts';

function written(terminal: KeptTerminal): string {
  const text = terminal.text.replaceAll('\x1b', 'ESC');
  terminal.text = '';
  return text;
}

it('hides the cursor once, redraws in place and gives the terminal back', () => {
  const terminal = new KeptTerminal();
  const screen = new Screen(terminal);
  screen.show(['one', 'two']);
  expect(written(terminal)).toBe('ESC[?25lESC[?7lESC[?2026honeESC[K\ntwoESC[K\nESC[JESC[?2026l');
  screen.show(['one']);
  expect(written(terminal)).toBe('ESC[?2026h\rESC[2AoneESC[K\nESC[JESC[?2026l');
  screen.erase();
  expect(written(terminal)).toBe('\rESC[1AESC[J');
  screen.restore();
  screen.restore();
  expect(written(terminal)).toBe('ESC[?25hESC[?7h');
});

it('writes nothing when it was never shown', () => {
  const terminal = new KeptTerminal();
  const screen = new Screen(terminal);
  screen.erase();
  screen.restore();
  expect(terminal.text).toBe('');
});
