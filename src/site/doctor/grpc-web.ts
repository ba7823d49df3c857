import type { Answer, LookRequest } from "./ports.ts";

/** Status codes of gRPC that the doctor tells apart. */
export const grpcCode = {
  permissionDenied: 7,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** The headers that the dashboard sends with a call; `Authorization` comes on top. */
export const callHeaders: Readonly<Record<string, string>> = {
  "Content-Type": "application/grpc-web+proto",
  "Grpc-Timeout": "10S",
  "X-Grpc-Web": "1",
  "X-User-Agent": "doctor",
};

/** A `GetUser` for nobody: an empty message in one frame (gRPC-Web protocol). */
export function emptyCall(headers: Readonly<Record<string, string>>): LookRequest {
  return { method: "POST", headers, body: new Uint8Array(5) };
}

/**
 * The gRPC status of an answer: from its headers where a page may read them,
 * else from the trailer frame at the end of the body; undefined when it has none.
 */
export function grpcStatusOf(answer: Answer): number | undefined {
  const status = answer.headers.get("grpc-status") ?? trailerOf(answer, "grpc-status");
  return status === undefined || !/^\d+$/.test(status) ? undefined : Number(status);
}

/** A trailer in the body of an answer. */
export function trailerOf({ body }: Answer, name: string): string | undefined {
  for (let at = 0; at + 5 <= body.length;) {
    const length = new DataView(body.buffer, body.byteOffset + at + 1, 4).getUint32(0);
    const frame = body.subarray(at + 5, at + 5 + length);
    // The highest bit of a frame's first byte says that it holds trailers.
    if (((body[at] ?? 0) & 0x80) !== 0) return fieldOf(new TextDecoder().decode(frame), name);
    at += 5 + length;
  }
  return undefined;
}

function fieldOf(fields: string, name: string): string | undefined {
  const line = fields.split("\r\n").find((each) => each.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}
