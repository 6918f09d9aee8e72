import { setTimeout as sleep } from "node:timers/promises";
import {
  createUpstream,
  encodeOption,
  findOption,
  OPTION,
  questionFor,
  readMessage,
  TYPE,
  type Upstream,
} from "@tolldns/dns";
import {
  createTickChain,
  decodeAcknowledgement,
  EDE_PRIVATE_BASE,
  EDNS_OPTION_TOLL,
  encodeOpen,
  encodeVoucherMessage,
  signOpen,
} from "@tolldns/sdk";
import { hashTickNode } from "@tolldns/sdk/node";
import type { World } from "../world/world.ts";
import { dice, promisesOf } from "./plan.ts";

export interface PayersOptions {
  readonly world: World;
  readonly seed: number;
  readonly lanes: number;
  readonly vouchers: number;
  readonly pauseMs: number;
  /** Micro-IU, the gateway's. */
  readonly tickPrice: bigint;
}

/** The payers of all lanes, paying the gateway over TCP, each a session with an opening voucher and then vouchers. */
export interface Payers {
  /** Resolves when every payer's last promise was acknowledged. */
  readonly done: Promise<void>;
  isDone(): boolean;
  /** Where the gateway listens now; null while it is dead. */
  setGateway(port: number | null): void;
  /** Highest acknowledged, by lane. */
  readonly acknowledged: bigint[];
  /** Answers that were refusals, by the toll protocol's number. */
  readonly refusals: Record<number, number>;
}

interface Payer {
  readonly lane: number;
  readonly promises: readonly bigint[];
  next: number;
  session: Uint8Array | null;
  openedAt: number;
}

const DAYS = 7;
const SESSION_UNKNOWN = 3;
const TOGETHER = 20;

export function startPayers(options: PayersOptions): Payers {
  const { world, seed, lanes, vouchers, pauseMs } = options;
  const payers = Array.from(
    { length: lanes },
    (_, lane): Payer => ({
      lane,
      promises: promisesOf(seed, lane, vouchers),
      next: 0,
      session: null,
      openedAt: 0,
    }),
  );
  const acknowledged = payers.map(() => 0n);
  const refusals: Record<number, number> = {};
  const roll = dice(seed + 1);
  let client: Upstream | null = null;
  let finished = false;

  function message(payer: Payer, cumulative: bigint): Uint8Array {
    const expiryDay = Math.floor(Date.now() / 86_400_000) + DAYS;
    const { ledger } = world;
    if (payer.session !== null) {
      const { signature } = world.voucher(payer.lane, cumulative, { expiryDay });
      return encodeVoucherMessage({ session: payer.session, expiryDay, cumulative, signature });
    }
    payer.openedAt = Math.max(payer.openedAt + 1, Math.floor(Date.now() / 1_000));
    const chain = createTickChain(new Uint8Array(32).fill(payer.openedAt & 0xff), 4, hashTickNode);
    const terms = {
      ledger,
      lane: payer.lane,
      generation: 1,
      openedAt: BigInt(payer.openedAt),
      anchor: chain.anchor,
      units: chain.units,
      tickPrice: options.tickPrice,
      expiryDay,
      cumulative,
    };
    return encodeOpen(signOpen(terms, world.sessionKey(payer.lane)));
  }

  async function pay(payer: Payer): Promise<void> {
    const cumulative = payer.promises[payer.next];
    const asked = client;
    if (asked === null || cumulative === undefined) return;
    try {
      const question = questionFor("toll.tolldns", TYPE.TXT, { class: 3 });
      const answer = await asked.ask(question, {
        options: encodeOption(EDNS_OPTION_TOLL, message(payer, cumulative)),
      });
      const { opt } = readMessage(answer);
      const error = findOption(opt, OPTION.EDE);
      const option = findOption(opt, EDNS_OPTION_TOLL);
      if (error !== undefined || option === undefined) {
        const number = error === undefined ? 0 : ((error[0] ?? 0) << 8) + (error[1] ?? 0) - EDE_PRIVATE_BASE;
        refusals[number] = (refusals[number] ?? 0) + 1;
        if (number === SESSION_UNKNOWN) payer.session = null;
        return;
      }
      const said = decodeAcknowledgement(option);
      payer.session = said.session;
      acknowledged[payer.lane] = said.acknowledged;
      if (said.acknowledged >= cumulative) payer.next++;
    } catch {
      // Killed, or too slow to say: whether it was kept is not known, so the same promise goes to a new session.
      payer.session = null;
    }
  }

  async function run(): Promise<void> {
    let waiting = payers;
    while (waiting.length > 0) {
      const picked = Array.from({ length: TOGETHER }, () => waiting[Math.floor(roll() * waiting.length)]);
      await Promise.all([...new Set(picked)].map((payer) => (payer === undefined ? undefined : pay(payer))));
      waiting = waiting.filter(({ next, promises }) => next < promises.length);
      await sleep(pauseMs);
    }
    finished = true;
    await client?.close();
  }

  return {
    done: run(),
    isDone: () => finished,
    setGateway: (port) => {
      void client?.close();
      client =
        port === null
          ? null
          : createUpstream({ protocol: "tcp", address: "127.0.0.1", port, timeoutMs: 2_000 });
    },
    acknowledged,
    refusals,
  };
}
