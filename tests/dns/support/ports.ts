import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { Server } from "node:net";

/** Binds a UDP socket and, if given, a TCP server to one port: the system picks it, and again if TCP has it taken. */
export async function bindBoth(tcp?: Server): Promise<{ udp: Socket; port: number }> {
  for (let i = 0; ; i++) {
    const udp = createSocket("udp4");
    udp.bind(0, "127.0.0.1");
    await once(udp, "listening");
    const { port } = udp.address();
    if (tcp === undefined) return { udp, port };
    try {
      tcp.listen(port, "127.0.0.1");
      await once(tcp, "listening");
      return { udp, port };
    } catch (error) {
      udp.close();
      if (i === 20) throw error;
    }
  }
}
