import { Code, ConnectError } from "@connectrpc/connect";

const grpcHeader = "grpc-timeout";
const connectHeader = "connect-timeout-ms";
// A gRPC timeout has at most eight digits.
const greatestGrpcTimeoutMs = 99_999_999;

const unitMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/**
 * When the call must be over, in epoch milliseconds, out of `grpc-timeout` or
 * `connect-timeout-ms`; `undefined` without a deadline. Connect writes these
 * headers once, before any interceptor runs.
 */
export function readDeadline(header: Headers, now: number): number | undefined {
  const connect = header.get(connectHeader);
  if (connect !== null && /^\d+$/.test(connect)) return now + Number(connect);
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(header.get(grpcHeader) ?? "") ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  return now + Number(digits) * (unitMs[unit] ?? 1);
}

/**
 * Tells the server how much time is left: one deadline covers waiting,
 * refreshing and every attempt. Throws DEADLINE_EXCEEDED when none is left.
 */
export function writeTimeLeft(header: Headers, deadline: number | undefined, now: number): void {
  if (deadline === undefined) return;
  const leftMs = Math.ceil(deadline - now);
  if (leftMs <= 0) {
    throw new ConnectError("The deadline passed while waiting for a token.", Code.DeadlineExceeded);
  }
  if (header.has(connectHeader)) header.set(connectHeader, String(leftMs));
  if (header.has(grpcHeader)) {
    header.set(grpcHeader, `${Math.min(leftMs, greatestGrpcTimeoutMs)}m`);
  }
}
