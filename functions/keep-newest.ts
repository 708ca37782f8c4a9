/** Forgets what was put into the map first, until it holds no more than so many. What is put in again comes last only when it is removed before. */
export function keepNewest<Key>(map: Map<Key, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
