import { type EventName, eventBodySchemas, eventTable } from './event.ts';

/** Fields of an event beside its body that a parameter can hold. */
const COMMON = ['EventName', 'EventTime', 'Region', 'Project'] as const;
const LABEL = 'Labels.';
/** `$$` is a dollar sign; `${NAME}` what the event has under that name. */
const PLACEHOLDER = /\$(?:\$|\{([^}]*)\})/g;

/** What parameters of an event may name: fields of its body, and what every event has. */
export function variableNames(name: EventName): string[] {
  return [...COMMON, ...Object.keys(eventBodySchemas[eventTable[name].of].shape)];
}

/** The names in a value that no event of that name has. Labels are named `Labels.KEY`, and are empty where a job has none. */
export function unknownVariables(value: string, name: EventName): string[] {
  const known = new Set(variableNames(name));
  return [...value.matchAll(PLACEHOLDER)]
    .map(([, variable]) => variable)
    .filter((variable) => variable !== undefined)
    .filter((variable) => !known.has(variable) && !variable.startsWith(LABEL));
}

/** What an event has for the names in parameters. */
export interface VariableSource {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** A value with its names replaced; by nothing where the event lacks an optional field. */
export function substituteVariables(value: string, { fields, labels }: VariableSource): string {
  return value.replaceAll(PLACEHOLDER, (_, variable?: string) => {
    if (variable === undefined) return '$';
    const found = variable.startsWith(LABEL) ? labels[variable.slice(LABEL.length)] : fields[variable];
    return found === undefined ? '' : String(found);
  });
}
