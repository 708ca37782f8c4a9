import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OutputFrames } from './output-frames.ts';

function frame(stream: 1 | 2, content: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}

it('gives each stream its bytes, wherever the connection cuts', () => {
  const frames = fc.array(
    fc.tuple(fc.constantFrom(1 as const, 2 as const), fc.uint8Array({ maxLength: 40 })),
  );
  fc.assert(
    fc.property(frames, fc.infiniteStream(fc.integer({ min: 1, max: 30 })), (sent, sizes) => {
      const got = { 1: Buffer.alloc(0), 2: Buffer.alloc(0) };
      const take = (stream: 1 | 2) => (bytes: Buffer) => {
        got[stream] = Buffer.concat([got[stream], bytes]);
      };
      const reader = new OutputFrames({ stdout: take(1), stderr: take(2) });
      const bytes = Buffer.concat(sent.map(([stream, content]) => frame(stream, content)));
      for (let at = 0; at < bytes.length; ) {
        const size = sizes.next().value ?? 1;
        reader.push(bytes.subarray(at, at + size));
        at += size;
      }
      for (const stream of [1, 2] as const) {
        const own = sent.filter(([which]) => which === stream).map(([, content]) => content);
        expect(got[stream]).toEqual(Buffer.concat(own));
      }
    }),
  );
});
