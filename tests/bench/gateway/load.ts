import { once } from "node:events";
import { connect as connectTls, type TLSSocket } from "node:tls";

/** Messages ready to be written, and how many answers they bring. */
export interface Stream {
  readonly chunks: readonly Uint8Array[];
  readonly answers: number;
}

/** Seconds it took to get all answers, `window` at a time. Throws if one is missing for 10 s. */
export type Run = (stream: Stream, window: number) => Promise<number>;

async function openTls(port: number, ca: string, alpn: string): Promise<TLSSocket> {
  const socket = connectTls({ host: "127.0.0.1", port, ca, servername: "localhost", ALPNProtocols: [alpn] });
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
  });
  return socket;
}

/** Writes `window` chunks at once, waits for all their answers, and goes on. */
function pump(
  socket: TLSSocket,
  stream: Stream,
  window: number,
  count: (data: Buffer) => number,
): Promise<number> {
  const started = performance.now();
  let sent = 0;
  let received = 0;
  return new Promise((resolve, reject) => {
    const dead = setTimeout(() => reject(new Error(`${received} of ${stream.answers} answers`)), 60_000);
    const fill = () => {
      // In step: as many writes and records in every phase, so that phases differ by what a query costs alone.
      if (received < sent) return;
      const upTo = Math.min(stream.chunks.length, sent + window);
      socket.write(Buffer.concat(stream.chunks.slice(sent, upTo)));
      sent = upTo;
    };
    socket.on("data", (data: Buffer) => {
      received += count(data);
      if (received >= stream.answers) {
        clearTimeout(dead);
        socket.removeAllListeners("data");
        resolve((performance.now() - started) / 1000);
      } else fill();
    });
    fill();
  });
}

/** A DoT connection (RFC 7858). `chunks` are messages with their two bytes of length. */
export async function openDot(
  port: number,
  ca: string,
): Promise<{ run: Run; close(): void; refused(): number }> {
  const socket = await openTls(port, ca, "dot");
  let held: Buffer = Buffer.alloc(0);
  let refused = 0;
  const count = (data: Buffer): number => {
    held = held.length === 0 ? data : Buffer.concat([held, data]);
    let answers = 0;
    let at = 0;
    while (at + 2 <= held.length) {
      const length = held.readUInt16BE(at);
      if (at + 2 + length > held.length) break;
      if (((held[at + 5] as number) & 15) !== 0) refused++;
      at += 2 + length;
      answers++;
    }
    held = held.subarray(at);
    return answers;
  };
  return {
    run: (stream, window) => pump(socket, stream, window, count),
    close: () => socket.destroy(),
    refused: () => refused,
  };
}

const FRAME = 9;
const HUGE_WINDOW = 0x7fff_ffff;

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const out = Buffer.alloc(FRAME + payload.length);
  out.writeUIntBE(payload.length, 0, 3);
  out[3] = type;
  out[4] = flags;
  out.writeUInt32BE(stream, 5);
  out.set(payload, FRAME);
  return out;
}

function literal(name: Buffer | number, value: string): Buffer {
  const text = Buffer.from(value, "latin1");
  const length =
    text.length < 127 ? Buffer.from([text.length]) : Buffer.from([127, ...varint(text.length - 127)]);
  const head =
    typeof name === "number" ? Buffer.from([name]) : Buffer.concat([Buffer.from([0, name.length]), name]);
  return Buffer.concat([head, length, text]);
}

function varint(value: number): number[] {
  const out: number[] = [];
  for (; value >= 128; value >>= 7) out.push((value & 127) | 128);
  return [...out, value];
}

/** HEADERS of a GET on a stream; header fields without indexing, so that the block carries no state. */
export function dohRequest(stream: number, message: Uint8Array, toll?: Uint8Array): Buffer {
  const path = `/dns-query?dns=${Buffer.from(message).toString("base64url")}`;
  const parts = [
    // The server takes no dynamic table, which the first block after its settings has to say (RFC 7541 section 4.2).
    Buffer.from(stream === 1 ? [0x20, 0x82, 0x87] : [0x82, 0x87]),
    literal(0x01, "localhost"),
    literal(0x04, path),
    ...(toll === undefined ? [] : [literal(Buffer.from("toll"), Buffer.from(toll).toString("base64url"))]),
  ];
  return frame(1, 0x05, stream, Buffer.concat(parts));
}

/** POST of a toll message. */
export function dohPost(stream: number, path: string, body: Uint8Array): Buffer {
  const head = Buffer.concat([
    Buffer.from([0x83, 0x87]),
    literal(0x01, "localhost"),
    literal(0x04, path),
    literal(Buffer.from("content-length"), String(body.length)),
  ]);
  return Buffer.concat([frame(1, 0x04, stream, head), frame(0, 0x01, stream, body)]);
}

/** An HTTP/2 connection of a client that never looks at headers: it counts ends of streams. */
export async function openDoh(
  port: number,
  ca: string,
): Promise<{ run: Run; close(): void; refused(): number }> {
  const socket = await openTls(port, ca, "h2");
  const settings = Buffer.alloc(12);
  settings.writeUInt16BE(1, 0);
  settings.writeUInt16BE(4, 6);
  settings.writeUInt32BE(HUGE_WINDOW, 8);
  const grow = Buffer.alloc(4);
  grow.writeUInt32BE(HUGE_WINDOW - 65_535);
  socket.write(
    Buffer.concat([
      Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      frame(4, 0, 0, settings),
      frame(8, 0, 0, grow),
    ]),
  );
  // Its settings come first; they are acknowledged before anything is asked.
  await once(socket, "readable");
  socket.write(frame(4, 1, 0, Buffer.alloc(0)));
  let held: Buffer = Buffer.alloc(0);
  let errors = 0;
  const count = (data: Buffer): number => {
    held = held.length === 0 ? data : Buffer.concat([held, data]);
    let ends = 0;
    let at = 0;
    while (at + FRAME <= held.length) {
      const length = held.readUIntBE(at, 3);
      if (at + FRAME + length > held.length) break;
      const type = held[at + 3] as number;
      const flags = held[at + 4] as number;
      if (type === 6 && (flags & 1) === 0)
        socket.write(frame(6, 1, 0, held.subarray(at + FRAME, at + FRAME + length)));
      else if (type === 3 || type === 7) errors++;
      // 0x88 is `:status 200` of the static table; the first block may begin with a table size of 0.
      const first = held[at + FRAME] === 0x20 ? held[at + FRAME + 1] : held[at + FRAME];
      if (type === 1 && first !== 0x88) errors++;
      if ((type === 0 || type === 1) && (flags & 1) !== 0) ends++;
      at += FRAME + length;
    }
    held = held.subarray(at);
    return ends;
  };
  return {
    run: (stream, window) => pump(socket, stream, window, count),
    close: () => socket.destroy(),
    refused: () => errors,
  };
}
