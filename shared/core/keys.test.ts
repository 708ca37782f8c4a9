import { describe, expect, it } from 'vitest';
import {
  claimBlocks,
  claimKey,
  dependentKey,
  jobKey,
  jobNameKey,
  operationKey,
  requestKey,
  SEATS_A_BLOCK,
  seatBlocks,
  seatKey,
  stageWaitKey,
  taskKey,
  wakeKey,
} from './keys.ts';

describe('keys', () => {
  it('begin alike for one kind of record only: by its beginning a consumer of the feed asks for it', () => {
    const place = { project: 'p', location: 'l', jobId: 'j' };
    const kinds = [
      jobKey('u'),
      seatKey('u', 'g', 0),
      claimKey({ jobUid: 'u', groupId: 'g', seat: 0 }),
      taskKey('u', 'g', 0),
      jobNameKey(place),
      dependentKey('u', 'v'),
      requestKey('p', 'l', 'r'),
      operationKey('p', 'l', 'o'),
      stageWaitKey('u', 'g'),
      wakeKey('u'),
    ].map(({ pk }) => pk.split('#')[0]);
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  it.each([1, SEATS_A_BLOCK, SEATS_A_BLOCK + 1])(
    'lead to the blocks of %i seats and their claims',
    (count) => {
      const last = count - 1;
      expect(seatBlocks('u', 'g', count).at(-1)).toBe(seatKey('u', 'g', last).pk);
      expect(claimBlocks('u', 'g', count).at(-1)).toBe(
        claimKey({ jobUid: 'u', groupId: 'g', seat: last }).pk,
      );
    },
  );
});
