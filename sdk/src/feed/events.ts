/** One event of a stream: its name (`message` if it has none) and its data. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

/** Takes a stream of server-sent events apart as its bytes come (HTML standard, section 9.2.6). */
export interface EventParser {
  /** Events that these bytes complete. @throws RangeError if an event grows beyond the limit */
  push(bytes: Uint8Array): StreamEvent[];
}

const LINE_END = /[\r\n]/g;

/** @param limit most characters of one event, lines without end included */
export function createEventParser(limit: number): EventParser {
  const decoder = new TextDecoder();
  let rest = "";
  let name = "";
  let data: string[] = [];
  let size = 0;

  function line(text: string, done: StreamEvent[]): void {
    if (text === "") {
      if (data.length > 0) done.push({ name: name || "message", data: data.join("\n") });
      name = "";
      data = [];
      size = 0;
      return;
    }
    const colon = text.indexOf(":");
    // A comment keeps the connection alive and is no part of an event.
    if (colon === 0) return;
    size += text.length;
    if (size > limit) throw new RangeError(`an event of more than ${limit} characters`);
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(text[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }

  return {
    push(bytes) {
      const done: StreamEvent[] = [];
      rest += decoder.decode(bytes, { stream: true });
      let at = 0;
      for (;;) {
        LINE_END.lastIndex = at;
        const stop = LINE_END.exec(rest)?.index ?? -1;
        if (stop < 0) break;
        // A carriage return at the very end may be half of a pair.
        if (rest[stop] === "\r" && stop + 1 === rest.length) break;
        line(rest.slice(at, stop), done);
        at = stop + (rest[stop] === "\r" && rest[stop + 1] === "\n" ? 2 : 1);
      }
      rest = rest.slice(at);
      if (rest.length > limit) throw new RangeError(`a line of more than ${limit} characters`);
      return done;
    },
  };
}
