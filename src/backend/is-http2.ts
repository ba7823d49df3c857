import type { Socket } from "node:net";

// The first bytes of the connection preface (RFC 9113, section 3.4); no method of HTTP/1.1 begins so.
const PREFACE = Buffer.from("PRI ");
const MAX_SILENCE_MS = 10_000;

/**
 * Looks at the first bytes of a connection and puts them back. Undefined when
 * the peer closes, or says nothing for 10 s.
 */
export function isHttp2(socket: Socket): Promise<boolean | undefined> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    function decide(answer: boolean | undefined): void {
      socket.off("readable", read);
      socket.off("close", leave);
      socket.off("timeout", leave);
      socket.setTimeout(0);
      if (seen.length > 0) socket.unshift(seen);
      resolve(answer);
    }
    function leave(): void {
      decide(undefined);
    }
    function read(): void {
      for (let chunk: unknown = socket.read(); chunk !== null; chunk = socket.read()) {
        if (chunk instanceof Buffer) seen = Buffer.concat([seen, chunk]);
      }
      const known = Math.min(seen.length, PREFACE.length);
      if (!seen.subarray(0, known).equals(PREFACE.subarray(0, known))) decide(false);
      else if (known === PREFACE.length) decide(true);
    }
    socket.setTimeout(MAX_SILENCE_MS);
    socket.on("timeout", leave);
    socket.on("close", leave);
    socket.on("readable", read);
  });
}
