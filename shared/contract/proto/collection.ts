import type { Kind } from './kind.ts';
import { key } from './problems.ts';

/** A repeated field: a JSON array. `null` items are refused. */
export function list<T>(item: Kind<T>): Kind<T[]> {
  return {
    descriptor: { type: 'list', item },
    read(value, problems) {
      if (!Array.isArray(value)) {
        problems.refuse(value, 'an array');
        return [];
      }
      let result: unknown[] = value;
      for (let i = 0; i < value.length; i++) {
        problems.enter(i);
        const read = item.read(value[i], problems);
        problems.leave();
        if (read === value[i]) continue;
        if (result === value) result = value.slice();
        result[i] = read;
      }
      return result as T[];
    },
  };
}

/** A map field: a JSON object whose keys are data. `null` values are refused. */
export function mapOf<T>(item: Kind<T>): Kind<Record<string, T>> {
  return {
    descriptor: { type: 'map', value: item },
    read(value, problems) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        problems.refuse(value, 'an object');
        return {};
      }
      const source = value as Record<string, unknown>;
      let changed = false;
      const entries: [string, T][] = [];
      for (const name of Object.keys(source)) {
        problems.enter(key(name));
        const read = item.read(source[name], problems);
        problems.leave();
        if (read !== source[name]) changed = true;
        entries.push([name, read]);
      }
      return changed ? Object.fromEntries(entries) : (source as Record<string, T>);
    },
  };
}
