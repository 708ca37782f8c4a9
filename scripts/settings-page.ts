import { readFileSync } from 'node:fs';
import { allowedFor, readSettings, type SettingName, settingNames } from '../cdk/settings.ts';

const HEAD = [
  '# Settings of a deployment',
  '',
  '<!-- written by `npm run docs` from cdk/settings.ts -->',
  '',
  'Each is given with `npx cdk deploy --context NAME=VALUE`, in the `context` of `cdk.json`, or as a property of the construct',
  "`Sluice` (but for `account` and `region`, which are its stack's to say). A name that is no setting, and a value that is not",
  'allowed, are refused before anything is deployed.',
  '',
  '| setting | what it is for | allowed | unless given |',
  '|---|---|---|---|',
];

/** The page of settings: names and defaults of the schema, with their comments and what each allows. */
export function settingsPage(): string {
  const comments = settingComments();
  const defaults = readSettings({});
  const rows = settingNames.map((name) => {
    const cells = [code(name), comments.get(name) ?? '', allowedFor(name), defaultText(defaults[name])];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return [...HEAD, ...rows, ''].join('\n');
}

/** The comment in front of each setting, on one line. */
export function settingComments(): Map<SettingName, string> {
  const source = readFileSync(new URL('../cdk/settings.ts', import.meta.url), 'utf8');
  const found = source.matchAll(/^ {2}\/\*\*\s*(?:\*\s)?((?:(?!\*\/)[\s\S])*?)\s*\*\/\n {2}(\w+):/gm);
  return new Map(
    [...found].map(([, comment = '', name]) => [
      name as SettingName,
      comment.replaceAll(/\s*\n\s*\*\s*/g, ' '),
    ]),
  );
}

function defaultText(value: unknown): string {
  const isNothing = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return value === undefined || isNothing ? '' : code(String(value));
}

function code(text: string): string {
  return `\`${text}\``;
}
