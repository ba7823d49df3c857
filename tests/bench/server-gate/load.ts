import { connect } from "node:http2";
import type { ClientHttp2Session } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { GetUserRequestSchema, UserService } from "../../../src/gen/user/v1/user_service_pb.ts";

/** One round of calls, as the bench orders it. */
export interface Round {
  readonly url: string;
  readonly authorization: string;
  readonly calls: number;
  readonly atOnce: number;
}

const frame = framed(
  toBinary(GetUserRequestSchema, create(GetUserRequestSchema, { userId: "user123" })),
);
const sessions = new Map<string, ClientHttp2Session>();

// A process of its own: what a caller costs must neither count for the server nor wait for it.
process.on("message", (round: Round) => {
  void run(round).then(
    () => process.send?.({ ok: true }),
    (error: unknown) => process.send?.({ ok: false, error: String(error) }),
  );
});

async function run({ url, authorization, calls, atOnce }: Round): Promise<void> {
  const session = sessions.get(url) ?? connect(url);
  sessions.set(url, session);
  let left = calls;
  async function work(): Promise<void> {
    while (left-- > 0) await call(session, authorization);
  }
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** A unary call as gRPC clients make it (gRPC over HTTP/2, "Requests"); rejects unless it ends with OK. */
function call(session: ClientHttp2Session, authorization: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": `/${UserService.typeName}/GetUser`,
      "content-type": "application/grpc+proto",
      te: "trailers",
      authorization,
    });
    let status: unknown;
    stream.on("response", (headers) => (status = headers["grpc-status"]));
    stream.on("trailers", (trailers) => (status = trailers["grpc-status"]));
    stream.on("error", reject);
    stream.on("end", () => {
      if (String(status) === "0") resolve();
      else reject(new Error(`A call ended with grpc-status ${String(status)}.`));
    });
    stream.resume();
    stream.end(frame);
  });
}

/** A message with the five bytes that go before it: not compressed, and its length. */
function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
