import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readTargetHistory } from "@tolldns/policy";
import { fromBase58 } from "@tolldns/sdk";
import * as policy from "@tolldns/sdk/policy";
import { expect } from "chai";
import fc from "fast-check";
import { createRpc } from "../../../clients/edge/src/wallet/rpc.ts";
import { BACKEND, PARTIES } from "../../programs/policy/deployed.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { bent, challengeRecordOf, reported } from "../policy/lies.ts";
import { openPolicy, type PolicyWorld, TERMS } from "../policy/world.ts";
import { always, mutated, readOrRefuse, attack as run, SEED } from "./attack.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void | Promise<void>) =>
  run(import.meta.url, row, title, test);

describe(`evidence: names of targets, seed ${SEED}`, () => {
  attack("target name", "are read in the one form that formatTarget writes, and refused else", async () => {
    const kind = fc.constantFrom("backend", "gateway" as const);
    const port = fc.oneof(fc.nat(70_000).map(String), fc.constantFrom("", "053", "+53", "0x35", "5 3"));
    const host = fc.oneof(
      fc.ipV4(),
      fc.ipV4Extended(),
      fc.ipV6().map((one) => `[${one}]`),
      fc.domain(),
      fc.string({ maxLength: 20 }),
    );
    const any = fc.oneof(
      fc.string({ maxLength: 140, unit: "binary" }),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc
        .tuple(fc.constantFrom("udp", "tcp", "tls", "https", "http", "file"), host, port, host, fc.webPath())
        .map(([scheme, one, at, other, path]) =>
          scheme === "https"
            ? `https://${one}${at === "" ? "" : `:${at}`}${path}@${other}`
            : `${scheme}://${one}:${at}${scheme === "tls" ? `#${other}` : ""}`,
        ),
    );
    await always(fc.tuple(kind, any), ([of, name]) => {
      const target = readOrRefuse(() => policy.parseTarget(of, name));
      if (target === undefined) return;
      expect(policy.formatTarget(target)).equal(name);
      expect(Buffer.byteLength(name)).at.most(policy.MAX_TARGET_NAME);
      expect(/^[!-~]+$/.test(name)).equal(true);
    });
  });

  attack(
    "target name",
    "lead nowhere by another way to write an address, a user, a query or a path upwards",
    () => {
      const backends = [
        ...["udp://127.1:53", "udp://0x7f.0.0.1:53", "udp://2130706433:53", "udp://192.0.2.01:53"],
        ...[
          "udp://192.0.2.1:053",
          "udp://192.0.2.1:0",
          "udp://192.0.2.1:65536",
          "udp://192.0.2.1",
          "udp://:53",
        ],
        ...[
          "udp://[::FFFF:127.0.0.1]:53",
          "udp://[2001:DB8::1]:53",
          "udp://[2001:db8:0::1]:53",
          "udp://::1:53",
        ],
        ...["udp://user@192.0.2.1:53", "udp://192.0.2.1:53/", "udp://192.0.2.1:53?x", "udp://192.0.2.1:53#x"],
        ...["UDP://192.0.2.1:53", " udp://192.0.2.1:53", "udp://192.0.2.1:53\n", "\uFEFFudp://192.0.2.1:53"],
        ...[
          "tls://192.0.2.1:853",
          "tls://192.0.2.1:853#",
          "tls://192.0.2.1:853#A.example",
          "tls://a.example:853#a",
        ],
        ...["https://a.example/q", "https://a.example/q@b.example", "https://a.example:443/q@192.0.2.1"],
        ...[
          "https://a.example/q @192.0.2.1",
          "https://u@a.example/q@192.0.2.1",
          "http://a.example/q@192.0.2.1",
        ],
      ];
      for (const name of backends)
        expect(
          readOrRefuse(() => policy.parseTarget("backend", name)),
          name,
        ).equal(undefined);
      const gateways = [
        ...["https://a.example/", "https://a.example:443", "https://user@a.example", "http://a.example"],
        ...[
          "https://a.example?x",
          "https://a.example#x",
          "https://A.example",
          "https://a..example",
          "https://-a",
        ],
        ...[
          "https://xn--\u00e9",
          "https://\u00e9.example",
          "https://a.example:",
          "https://127.1",
          "https://",
        ],
      ];
      for (const name of gateways)
        expect(
          readOrRefuse(() => policy.parseTarget("gateway", name)),
          name,
        ).equal(undefined);
    },
  );
});

describe("evidence: accounts of the policy program", function () {
  this.timeout(120_000);
  let world: PolicyWorld;
  let begin: bigint;
  /** How each kind of account is read, and where one of it is. */
  let kinds: readonly (readonly [string, (data: Uint8Array) => unknown, Uint8Array])[];
  before(() => {
    world = openPolicy();
    begin = world.now();
    const committed = reported(world, bent(4, 4, { 2: { at: TERMS.window * 1_000 } }), 4);
    world.say(begin, "-ccc");
    world.must(challengeRecordOf(world, committed, 2), [PARTIES.challenger]);
    kinds = [
      ["PolicyConfig", policy.decodePolicyConfig, world.configAddress],
      ["Roster", policy.decodeRoster, world.rosterAddress()],
      ["Target", policy.decodeTarget, world.targetAddress()],
      ["Round", policy.decodeRound, world.roundAddress(begin)],
      ["Verifier", policy.decodeVerifier, world.verifierAddress(0)],
    ];
  });

  attack("account bytes", "are refused by every reader but their own, and where they end too soon", () => {
    for (const [name, , address] of kinds) {
      const data = world.machine.data(address);
      for (const [other, read] of kinds) {
        const found = readOrRefuse(() => read(data));
        expect(found === undefined, `${name} as ${other}`).equal(name !== other);
        // A roster has room for seats that nobody took: without it, it says the same.
        for (let length = 0; name === other && length < data.length; length++) {
          const cut = readOrRefuse(() => read(data.slice(0, length)));
          if (cut !== undefined) expect(cut, `${name} of ${data.length} cut at ${length}`).eql(found);
        }
        if (name === other) expect(readOrRefuse(() => read(data.slice(0, data.length / 3)))).equal(undefined);
      }
    }
  });

  attack(
    "account bytes",
    "of anything else are read as something or refused, in no more rows than they have",
    async () => {
      for (const [, read, address] of kinds) {
        const data = world.machine.data(address);
        const any = fc.oneof(
          fc.uint8Array({ maxLength: 800 }),
          // Behind a discriminator and version that are right.
          fc.uint8Array({ maxLength: 800 }).map((rest) => Uint8Array.from([...data.slice(0, 9), ...rest])),
          mutated(data),
        );
        await always(any, (bytes) => {
          const found = readOrRefuse(() => read(bytes)) as
            | { seats?: unknown[]; reports?: unknown[] }
            | undefined;
          for (const rows of [found?.seats, found?.reports])
            if (rows !== undefined) expect(rows.length * 8).at.most(bytes.length);
        });
      }
    },
  );
});

const PROGRAM = policy.POLICY_PROGRAM_ID;
const FOREIGN = "Foreign111111111111111111111111111111111111";

describe("evidence: events in a transaction's log", () => {
  const bytes = Uint8Array.from([
    ...policy.EVENT_DISCRIMINATORS.SetPublished,
    ...[7, 0, 0, 0, 4, 0],
    ...addressOf("root"),
  ]);
  const data = `Program data: ${Buffer.from(bytes).toString("base64")}`;
  const within = (program: string, ...lines: string[]) => [
    `Program ${program} invoke [1]`,
    ...lines,
    `Program ${program} success`,
  ];
  const told = (logs: readonly string[]) => policy.decodePolicyEvents(logs, PROGRAM).length;

  attack("forged event", "count where the program itself wrote them, and nowhere else", () => {
    expect(told(within(PROGRAM, data))).equal(1);
    expect(told(within(FOREIGN, ...within(PROGRAM, data)))).equal(1);
    const forged: readonly (readonly string[])[] = [
      [data],
      within(FOREIGN, data),
      [...within(PROGRAM), data],
      [...within(PROGRAM), ...within(FOREIGN, data)],
      within(PROGRAM, ...within(FOREIGN, data)),
      // What a program says itself stands behind `Program log: `, whatever it looks like.
      within(FOREIGN, `Program log: Program ${PROGRAM} invoke [1]`, data),
      within(FOREIGN, `Program log: ${PROGRAM} invoke [1]`, data),
      within(FOREIGN, ...within(PROGRAM), "Program log: invoke [2]", data),
      within(FOREIGN, ...within(PROGRAM), "Program log: success", data),
      within(FOREIGN, "Program log: success", ...within(PROGRAM), data),
      within(PROGRAM, `Program log: ${data}`),
    ];
    for (const logs of forged) expect(told(logs), logs.join("\n")).equal(0);
  });

  attack("forged event", "are none of another length or of bytes that are no base64", async () => {
    const line = fc.oneof(
      mutated(bytes).map((changed) => `Program data: ${Buffer.from(changed).toString("base64")}`),
      fc.string().map((text) => `Program data: ${text}`),
      fc.constantFrom("Log truncated", "Program ", `Program ${PROGRAM} failed: custom program error: 0x1`),
      fc.string(),
    );
    await always(fc.array(line, { maxLength: 6 }), (lines) => {
      const events = policy.decodePolicyEvents(within(PROGRAM, ...lines), PROGRAM);
      expect(events.length).at.most(lines.length);
      // Logs end the program's turn as they like; nothing after it counts.
      expect(told([...within(PROGRAM, ...lines), "Program x success", data])).equal(events.length);
    });
  });
});

/** Fixture: an RPC node that lies. It speaks Solana's JSON-RPC over HTTP and answers each method with what a test says. */
async function startLiar(
  say: (method: string) => unknown,
): Promise<{ url: string; asked: () => number; close(): void }> {
  let asked = 0;
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    asked++;
    const { id, method } = JSON.parse(Buffer.concat(parts).toString()) as { id: number; method: string };
    response.end(JSON.stringify({ jsonrpc: "2.0", id, result: say(method) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("evidence: a target's history from an RPC", function () {
  this.timeout(60_000);
  const read = (url: string, most?: number) =>
    readTargetHistory({
      call: createRpc(url, 5_000),
      program: fromBase58(PROGRAM),
      genesis: addressOf("genesis"),
      target: { kind: "backend", name: BACKEND },
      ...(most === undefined ? {} : { most }),
    }).then(
      () => "told",
      (error: unknown) => (error instanceof Error ? error.message : "no error"),
    );
  let page = 0;
  const rows = (err: unknown) =>
    Array.from({ length: 1_000 }, (_, i) => ({ signature: `s${page}-${i}`, slot: 1, err, blockTime: 1 }));

  attack("endless history", "ends at the most it reads, though the RPC has pages without end", async () => {
    const liar = await startLiar((method) => {
      page++;
      return method === "getSignaturesForAddress" ? rows(null) : null;
    });
    try {
      expect(await read(liar.url, 50)).not.equal("told");
      expect(liar.asked()).lessThan(100);
    } finally {
      liar.close();
    }
  });

  attack("endless history", "ends though every transaction of those pages has failed", async () => {
    const liar = await startLiar((method) => {
      page++;
      return method === "getSignaturesForAddress" ? rows({ InstructionError: [0, "x"] }) : null;
    });
    try {
      expect(await read(liar.url, 2_000)).not.equal("told");
      expect(liar.asked()).lessThan(200);
    } finally {
      liar.close();
    }
  });

  attack("endless history", "is refused in words where answers have another form", async () => {
    for (const result of [null, 5, "text", {}, [null], [{}], { context: {}, value: [] }, { value: 7 }]) {
      const liar = await startLiar(() => result);
      try {
        const said = await read(liar.url);
        expect(said, JSON.stringify(result)).not.equal("told");
        expect(said.length).greaterThan(5);
      } finally {
        liar.close();
      }
    }
  });
});
