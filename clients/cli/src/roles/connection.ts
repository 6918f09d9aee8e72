import { Connection } from "@solana/web3.js";

/** A connection that can be ended: by itself it tries to reach a chain that is gone forever, and says so on standard error. */
export function openConnection(
  rpcUrl: string,
  wsUrl?: string,
): { readonly connection: Connection; close(): void } {
  const connection = new Connection(rpcUrl, {
    commitment: "confirmed",
    ...(wsUrl === undefined ? {} : { wsEndpoint: wsUrl }),
  });
  return {
    connection,
    close() {
      // web3.js 1.x has no public way to close its socket.
      const { _rpcWebSocket: socket } = connection as unknown as {
        _rpcWebSocket: { connect(): unknown; close(): void; setAutoReconnect(on: boolean): void };
      };
      try {
        socket.setAutoReconnect(false);
        // Subscriptions that are still being ended would open it again, to a chain that is gone.
        socket.connect = () => undefined;
        socket.close();
      } catch {
        // It never connected.
      }
    },
  };
}
