import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { unauthenticated } from '../../shared/contract/error.ts';

/** The seat and epoch that a token was made for. */
export interface TokenPlace {
  readonly jobUid: string;
  readonly groupId: string;
  readonly seat: number;
  readonly epoch: number;
}

/** A token good for one epoch of one seat: the place in clear, so that it is found in one read, and 256 random bits. */
export function newNodeToken(place: TokenPlace): { token: string; hash: string } {
  const secret = randomBytes(32).toString('base64url');
  const token = ['sluice', place.jobUid, place.groupId, place.seat, place.epoch, secret].join('.');
  return { token, hash: hashToken(token) };
}

/** The place that a token names. Throws UNAUTHENTICATED when the header holds no token of ours. */
export function placeOf(authorization: string | undefined): TokenPlace & { token: string } {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  const parts = token?.split('.') ?? [];
  const [name, jobUid, groupId, seat, epoch, secret] = parts;
  if (token === undefined || name !== 'sluice' || !jobUid || !groupId || !secret || parts.length !== 6) {
    throw unauthenticated(
      "state:report needs the node's token in the header 'Authorization: Bearer TOKEN'; the launcher gives it to the node",
    );
  }
  return { token, jobUid, groupId, seat: Number(seat), epoch: Number(epoch) };
}

/** What the store keeps of a token. */
function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Whether `token` is the one whose hash is stored, in constant time. */
export function matchesHash(token: string, hash: string): boolean {
  const given = Buffer.from(hashToken(token));
  const stored = Buffer.from(hash);
  return given.length === stored.length && timingSafeEqual(given, stored);
}
