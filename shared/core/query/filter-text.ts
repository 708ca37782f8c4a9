import { type Filter, isKeyword } from './filter-syntax.ts';

/** Writes a filter so that `parseFilter` reads the same filter back. */
export function filterText(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.parts
        .map((part) => (part.kind === 'not' ? filterText(part) : operandText(part)))
        .join(filter.kind === 'and' ? ' AND ' : ' OR ');
    case 'not':
      return `NOT ${operandText(filter.part)}`;
    case 'comparison':
      return `${filter.path.map(nameText).join('.')} ${filter.comparator} ${quotedText(filter.value)}`;
    case 'word':
      return filter.quoted ? quotedText(filter.text) : filter.text;
  }
}

/** A text in quotes, as the filter language reads it: what a program must do to any value that it puts into a filter. */
function quotedText(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function operandText(filter: Filter): string {
  const isSimple = filter.kind === 'comparison' || filter.kind === 'word';
  return isSimple ? filterText(filter) : `(${filterText(filter)})`;
}

function nameText(name: string): string {
  return /^\w[\w-]*$/.test(name) && !isKeyword(name) ? name : quotedText(name);
}
