import { TransportProvider } from "@connectrpc/connect-query";
import type { Transport } from "@connectrpc/connect";
import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { createQueryClient } from "./rpc/query-client.ts";
import { guardQueries } from "./rpc/session-guard.ts";
import { useServices } from "./services.ts";

/** Brings calls and what they answered to the components below. */
export function DataProvider(props: {
  readonly transport: Transport;
  readonly children: ReactNode;
}) {
  const { session, calls } = useServices();
  const [client] = useState(createQueryClient);
  useEffect(() => guardQueries(session, client, calls.clear), [session, client, calls]);
  return (
    <TransportProvider transport={props.transport}>
      <QueryClientProvider client={client}>{props.children}</QueryClientProvider>
    </TransportProvider>
  );
}
