import { buildQuery, encodeName, encodeOption, OPTION, parseQuery, Query, queryOf, TYPE } from "@tolldns/dns";
import { expect } from "chai";
import packet from "dns-packet";

const parse = (bytes: Uint8Array, localOption = 0) =>
  parseQuery(new Query(), bytes, 0, bytes.length, localOption);
const encode = (parts: object) =>
  packet.encode({ type: "query", id: 7, flags: 0x100, ...parts } as packet.Packet);
const question = { name: "Example.org", type: "A" as const };

describe("a query's view", () => {
  it("finds id, question and EDNS of what another encoder made", () => {
    const message = encode({
      questions: [{ name: "WWW.example.org", type: "AAAA" }],
      additionals: [{ type: "OPT", name: ".", udpPayloadSize: 4096, flags: 0x8000, options: [] }],
    });
    const query = queryOf(message) as Query;
    expect(query.id).to.equal(7);
    expect(query.name).to.equal("WWW.example.org");
    expect(query.type).to.equal(TYPE.AAAA);
    expect(query.payloadSize).to.equal(4096);
    expect(query.dnssecOk).to.equal(true);
    expect(query.edns).to.equal(0);
  });

  it("gives names that differ in case one key and one hash", () => {
    const one = queryOf(encode({ questions: [{ name: "eXaMpLe.ORG", type: "A" }] })) as Query;
    const other = queryOf(encode({ questions: [question] })) as Query;
    expect(one.hash).to.equal(other.hash);
    expect([...one.key.subarray(0, one.keyLength)]).to.deep.equal([
      ...other.key.subarray(0, other.keyLength),
    ]);
  });

  it("keeps type, class, DO and CD apart in the key", () => {
    const name = encodeName("example.org");
    const keys = [
      { name, type: 1 },
      { name, type: 28 },
      { name, type: 1, class: 3 },
      { name, type: 1, dnssecOk: true },
      { name, type: 1, unchecked: true },
    ].map((parts) => {
      const query = queryOf(buildQuery(parts)) as Query;
      return Buffer.from(query.key.subarray(0, query.keyLength)).toString("hex");
    });
    expect(new Set(keys).size).to.equal(5);
  });

  it("hands on the local option and the cookie as views", () => {
    const options = Buffer.concat([
      encodeOption(OPTION.COOKIE, new Uint8Array(8).fill(9)),
      encodeOption(65_312, Uint8Array.of(1, 2, 3)),
    ]);
    const message = buildQuery({ name: encodeName("a.b"), type: 1, options });
    const query = queryOf(message, 65_312) as Query;
    expect([...(query.local as Uint8Array)]).to.deep.equal([1, 2, 3]);
    expect(query.cookie?.length).to.equal(8);
    expect((queryOf(message) as Query).local).to.equal(undefined);
  });

  it("stays valid after keep, whatever becomes of the buffer", () => {
    const options = encodeOption(65_312, Uint8Array.of(5, 6));
    const message = buildQuery({ id: 3, name: encodeName("keep.example"), type: 16, options });
    const padded = new Uint8Array(message.length + 10);
    padded.set(message, 10);
    const query = new Query();
    expect(parseQuery(query, padded, 10, padded.length, 65_312)).to.equal("ok");
    const kept = query.keep();
    padded.fill(0);
    expect(kept.name).to.equal("keep.example");
    expect([...(kept.local as Uint8Array)]).to.deep.equal([5, 6]);
    expect(kept.hash).to.equal(query.hash);
  });

  it("is silent on answers and on what is too short to have an id", () => {
    expect(parse(packet.encode({ type: "response", id: 1, questions: [question] }))).to.equal("drop");
    expect(parse(new Uint8Array(11))).to.equal("drop");
  });

  it("refuses no question, two questions, and records where none belong", () => {
    expect(parse(encode({ questions: [] }))).to.equal("formerr");
    expect(parse(encode({ questions: [question, question] }))).to.equal("formerr");
    expect(
      parse(encode({ questions: [question], answers: [{ ...question, ttl: 1, data: "1.1.1.1" }] })),
    ).to.equal("formerr");
  });

  it("refuses other opcodes as not implemented", () => {
    const message = encode({ questions: [question] });
    message[2] = (message[2] as number) | (5 << 3);
    expect(parse(message)).to.equal("notimp");
  });

  it("refuses compression in the question, trailing bytes and a second OPT", () => {
    const name = Uint8Array.of(0xc0, 12);
    expect(parse(buildQuery({ name, type: 1, payloadSize: 0 }))).to.equal("formerr");
    expect(parse(Buffer.concat([encode({ questions: [question] }), Buffer.of(0)]))).to.equal("formerr");
    const opt = { type: "OPT", name: ".", udpPayloadSize: 512, flags: 0, options: [] };
    expect(parse(encode({ questions: [question], additionals: [opt, opt] }))).to.equal("formerr");
  });

  it("answers an unknown EDNS version with BADVERS", () => {
    const message = buildQuery({ name: encodeName("a"), type: 1 });
    message[message.length - 5] = 1;
    expect(parse(message)).to.equal("badvers");
  });

  it("refuses cookies and subnets of impossible sizes", () => {
    const withOption = (code: number, data: number[]) =>
      parse(
        buildQuery({ name: encodeName("a"), type: 1, options: encodeOption(code, Uint8Array.from(data)) }),
      );
    expect(withOption(OPTION.COOKIE, [1, 2, 3])).to.equal("formerr");
    expect(withOption(OPTION.COOKIE, new Array(41).fill(1))).to.equal("formerr");
    expect(withOption(OPTION.SUBNET, [0, 1, 24, 0, 192, 0, 2])).to.equal("ok");
    expect(withOption(OPTION.SUBNET, [0, 1, 24, 0, 192, 0])).to.equal("formerr");
    expect(withOption(OPTION.SUBNET, [0, 1, 20, 0, 192, 0, 0x0f])).to.equal("formerr");
    expect(withOption(OPTION.SUBNET, [0, 9, 24, 0, 192, 0, 2])).to.equal("formerr");
  });

  it("keeps clients of different subnets apart once asked to", () => {
    const bySubnet = (third: number) => {
      const options = encodeOption(OPTION.SUBNET, Uint8Array.of(0, 1, 24, 0, 192, 0, third));
      const query = queryOf(buildQuery({ name: encodeName("a"), type: 1, options })) as Query;
      query.keepSubnetApart();
      return query;
    };
    expect(bySubnet(1).hash).to.equal(bySubnet(1).hash);
    expect(bySubnet(1).hash).to.not.equal(bySubnet(2).hash);
    expect(bySubnet(1).keyLength).to.equal(3 + 5 + 7);
  });
});
