import { formatAddress } from "@tolldns/sdk";
import {
  addNode,
  MAX_ENDPOINT,
  type NodeRole,
  type OperatorNode,
  ROLES,
  removeNode,
  rotateHotKey,
  setNode,
} from "@tolldns/sdk/stake";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { readNodes, requireOperator, type StakeSession, sendStake } from "../../stake/program.ts";
import { addressFrom, numberOf } from "../name/open.ts";
import { openStake, STAKE_SECTIONS } from "./open.ts";

const NAMES = ROLES.filter((role) => role !== "none");
const ROLE = ["--role <role>", "what the machine does", NAMES] as const;
const NUMBER = ["--number <number>", "which machine, 0 to 65535 (default: the one of that role)"] as const;
const PLACE = [
  ["--endpoint <url>", "where others reach it, visible ASCII"],
  ["--region <number>", "region, 0 for none"],
  ["--asn <number>", "autonomous system it is in, 0 for none"],
] as const;
const HOT_KEY = [
  "--hot-key <address>",
  "address of its key; what `tolldns witness init` or `tolldns verifier init` printed",
] as const;

/** The operator of this wallet and its machines. */
async function open(run: Run) {
  const session = await openStake(run);
  const owner = session.signer.publicKey;
  const { address } = await requireOperator(session.rpc, session.stake, owner);
  const nodes = await readNodes(session.rpc, session.stake, address);
  return { session, owner, nodes, deployment: session.stake.deployment };
}

/** The machine that flags name. @throws CliError usage */
function chosen(run: Run, nodes: readonly OperatorNode[]): OperatorNode {
  const { role } = run.flags;
  const number = run.flags.number === undefined ? undefined : numberOf(run, "number", 0, 0, 65_535);
  const fitting = nodes.filter(
    (node) => (number === undefined || node.number === number) && (role === undefined || node.role === role),
  );
  const [node] = fitting;
  if (node !== undefined && fitting.length === 1) return node;
  const there = nodes.map((one) => `${one.number} (${one.role})`).join(", ");
  throw new CliError(
    "usage",
    fitting.length === 0 ? "there is no such machine" : "several machines fit",
    `Name one with --number: ${there === "" ? "there are none yet" : there}.`,
  );
}

function endpointOf(run: Run, otherwise: string): string {
  const text = run.flags.endpoint === undefined ? otherwise : String(run.flags.endpoint);
  if (text.length <= MAX_ENDPOINT && /^[\x21-\x7e]*$/.test(text)) return text;
  throw new CliError(
    "usage",
    "the endpoint is no visible ASCII of at most 128 characters",
    "Write an address such as https://witness.example.org.",
  );
}

function keyOf(run: Run): Uint8Array {
  if (run.flags.hotKey !== undefined) return addressFrom(String(run.flags.hotKey));
  throw new CliError(
    "option-missing",
    "a machine needs a key",
    "Name its address with --hot-key; `tolldns witness init` and `tolldns verifier init` make one.",
  );
}

async function finish(
  run: Run,
  session: StakeSession,
  instruction: Parameters<typeof sendStake>[1][number],
  facts: object,
  done: string,
) {
  const signature = await sendStake(session, [instruction]);
  run.out.result({ ...facts, signature }, `${done}\nTransaction ${signature}`);
}

const addCommand: CommandSpec = {
  name: "add",
  about: "Register a machine of the operator: what it does, its key, and where others reach it.",
  sections: STAKE_SECTIONS,
  flags: [ROLE, HOT_KEY, ...PLACE, ["--number <number>", "its number, 0 to 65535 (default: the next free)"]],
  examples: [
    [
      "tolldns stake node add --role witness --hot-key <address> --endpoint https://witness.example.org",
      "a witness",
    ],
    [
      "tolldns stake node add --role verifier --hot-key <address> --region 3 --asn 64500 --endpoint https://verifier.example.org",
      "a verifier: quorums ask for different regions and networks",
    ],
  ],
  async action(run) {
    const { session, owner, nodes, deployment } = await open(run);
    const role = NAMES.find((one) => one === run.flags.role);
    if (role === undefined)
      throw new CliError(
        "option-missing",
        "a machine needs a role",
        `Name it with --role: ${NAMES.join(", ")}.`,
      );
    const taken = new Set(nodes.map((node) => node.number));
    let free = 0;
    while (taken.has(free)) free++;
    const number = numberOf(run, "number", free, 0, 65_535);
    const place = {
      region: numberOf(run, "region", 0, 0, 65_535),
      asn: numberOf(run, "asn", 0, 0, 4_294_967_295),
    };
    const hotKey = keyOf(run);
    const instruction = addNode({
      deployment,
      owner,
      number,
      role: role as NodeRole,
      ...place,
      hotKey,
      endpoint: endpointOf(run, ""),
    });
    await finish(run, session, instruction, { number, role }, `Machine ${number}, ${role}, is registered.`);
  },
};

const setCommand: CommandSpec = {
  name: "set",
  about: "Say where a machine is now. What isn't named stays.",
  sections: STAKE_SECTIONS,
  flags: [ROLE, NUMBER, ...PLACE],
  examples: [["tolldns stake node set --role witness --endpoint https://new.example.org", "after a move"]],
  async action(run) {
    const { session, owner, nodes, deployment } = await open(run);
    const node = chosen(run, nodes);
    const { number } = node;
    const region = numberOf(run, "region", node.region, 0, 65_535);
    const asn = numberOf(run, "asn", node.asn, 0, 4_294_967_295);
    const endpoint = endpointOf(run, node.endpoint);
    await finish(
      run,
      session,
      setNode({ deployment, owner, number, region, asn, endpoint }),
      { number, region, asn, endpoint },
      `Machine ${number} is at ${endpoint || "no address"}.`,
    );
  },
};

const rotateCommand: CommandSpec = {
  name: "rotate",
  about: "Give a machine another key. A witness's counts from the next freeze after the tree knows it.",
  sections: STAKE_SECTIONS,
  flags: [ROLE, NUMBER, HOT_KEY],
  examples: [
    [
      "tolldns stake node rotate --role witness --hot-key <address>",
      "keep the old one running until the next epoch",
    ],
  ],
  async action(run) {
    const { session, owner, nodes, deployment } = await open(run);
    const { number } = chosen(run, nodes);
    const hotKey = keyOf(run);
    await finish(
      run,
      session,
      rotateHotKey({ deployment, owner, number, hotKey }),
      { number, hotKey: formatAddress(hotKey) },
      `Machine ${number} has key ${formatAddress(hotKey)}.`,
    );
  },
};

const removeCommand: CommandSpec = {
  name: "remove",
  about: "Take a machine away; its rent returns. Without a witness the operator weighs nothing.",
  sections: STAKE_SECTIONS,
  flags: [ROLE, NUMBER],
  examples: [["tolldns stake node remove --number 2", "one of several"]],
  async action(run) {
    const { session, owner, nodes, deployment } = await open(run);
    const { number } = chosen(run, nodes);
    await finish(
      run,
      session,
      removeNode({ deployment, owner, number }),
      { number },
      `Machine ${number} is gone.`,
    );
  },
};

export const nodeCommand: CommandSpec = {
  name: "node",
  about: "Machines of the operator: add, move, change keys, remove.",
  examples: [["tolldns stake node add --role witness --hot-key <address>", "a witness"]],
  commands: [addCommand, setCommand, rotateCommand, removeCommand],
};
