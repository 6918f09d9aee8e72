import {
  buildQuery,
  EDE,
  encodeName,
  encodeOption,
  OPTION,
  queryOf,
  RCODE,
  TYPE,
  writeError,
  writeMinimalAny,
  writeTruncated,
} from "@tolldns/dns";
import { expect } from "chai";
import { edeOf, optOf, queryFor, written } from "../support/messages.ts";

describe("answers built without records", () => {
  it("carry id, question as asked, RD and an extended error with its text", () => {
    const query = queryFor("MiXeD.Example", TYPE.A, { id: 0xbeef });
    const message = written((out, at) =>
      writeError(query, out, at, RCODE.REFUSED, { ede: { code: EDE.PROHIBITED, text: "not here" } }),
    );
    expect(message.id).to.equal(0xbeef);
    expect(message.questions?.[0]?.name).to.equal("MiXeD.Example");
    expect(message.rcodeNumber).to.equal(RCODE.REFUSED);
    expect(message.flag_rd && message.flag_qr && message.flag_ra).to.equal(true);
    expect(edeOf(message)).to.equal(EDE.PROHIBITED);
    expect(optOf(message)?.options[0]?.data.toString("utf8", 2)).to.equal("not here");
  });

  it("carry no OPT to a client without EDNS", () => {
    const message = written((out, at) =>
      writeError(queryFor("a", 1, { payloadSize: 0 }), out, at, RCODE.REFUSED),
    );
    expect(message.additionals).to.deep.equal([]);
  });

  it("put the upper bits of a response code into the OPT", () => {
    const message = written((out, at) => writeError(queryFor("a", 1), out, at, RCODE.BADCOOKIE));
    expect(message.rcodeNumber).to.equal(RCODE.BADCOOKIE & 15);
    expect(optOf(message)?.extendedRcode).to.equal(RCODE.BADCOOKIE >> 4);
  });

  it("leave an extended error out rather than exceed the client's size", () => {
    const long = `${"x".repeat(60)}.`.repeat(4);
    const query = queryFor(long, 1, { payloadSize: 512 });
    const message = written((out, at) =>
      writeError(query, out, at, RCODE.REFUSED, { ede: { code: 0, text: "y".repeat(300) } }),
    );
    expect(message.bytes.length).to.be.at.most(512);
    expect(edeOf(message)).to.equal(-1);
  });

  it("set TC and nothing else when truncated", () => {
    const message = written((out, at) => writeTruncated(queryFor("a.b", 1), out, at));
    expect(message.flag_tc).to.equal(true);
    expect(message.answers).to.deep.equal([]);
  });

  it("answer ANY with one HINFO that names RFC 8482", () => {
    const message = written((out, at) => writeMinimalAny(queryFor("a.b", TYPE.ANY), out, at));
    expect(message.answers).to.have.length(1);
    expect(message.answers?.[0]).to.deep.include({
      type: "HINFO",
      name: "a.b",
      data: { cpu: "RFC8482", os: "" },
    });
  });

  it("are padded to 468 bytes on encrypted transports if the client padded", () => {
    const padded = buildQuery({ name: encodeName("a.b"), type: 1, padding: true });
    expect(padded.length % 128).to.equal(0);
    const query = queryOf(padded);
    if (query === undefined) throw new Error("not a query");
    query.limit = 65_535;
    query.transport = "dot";
    expect(written((out, at) => writeError(query, out, at, 0)).bytes.length).to.equal(468);
    query.transport = "tcp";
    expect(written((out, at) => writeError(query, out, at, 0)).bytes.length).to.be.below(100);
  });

  it("are not padded for a client that didn't pad", () => {
    const query = queryFor("a.b", 1, { transport: "dot" });
    expect(written((out, at) => writeError(query, out, at, 0)).bytes.length).to.be.below(100);
  });

  it("tell a client whose subnet counted what scope the answer has", () => {
    const options = encodeOption(OPTION.SUBNET, Uint8Array.of(0, 1, 24, 0, 192, 0, 2));
    const query = queryFor("a.b", 1, { options });
    query.keepSubnetApart();
    const message = written((out, at) => writeError(query, out, at, 0));
    const subnet = Buffer.from(message.bytes);
    expect(subnet.includes(Buffer.of(0, 8, 0, 7, 0, 1, 24, 24, 192, 0, 2))).to.equal(true);
  });
});
