import { deriveProgramData } from "@tolldns/sdk";
import { expect } from "chai";
import { deployedQuorum, initializeOf, openQuorum, PARTIES, TERMS } from "../../programs/quorum/world.ts";
import { setUpgradeAuthority } from "../../programs/world/deploy.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { code, refuse, attack as run } from "./attack.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { authority, stranger } = PARTIES;

describe("quorum: initialisation", () => {
  attack("stranger initialises", "is the upgrade authority's, whoever comes first", () => {
    const world = deployedQuorum();
    refuse(world, initializeOf(world, stranger), [stranger], code("NotUpgradeAuthority"));
    world.must(initializeOf(world), [authority]);
    expect(world.config).deep.include({ authority: authority.publicKey, terms: TERMS, domain: world.domain });
  });
  attack("previous authority", "follows the upgrade authority to its next holder", () => {
    const world = deployedQuorum();
    const program = world.deployment.quorum;
    world.must(setUpgradeAuthority(program, authority, stranger.publicKey), [authority]);
    refuse(world, initializeOf(world), [authority], code("NotUpgradeAuthority"));
    world.must(initializeOf(world, stranger), [stranger]);
  });
  attack("stranger initialises", "is nobody's where the program can't be upgraded any more", () => {
    const world = deployedQuorum();
    world.must(setUpgradeAuthority(world.deployment.quorum, authority, undefined), [authority]);
    refuse(world, initializeOf(world), [authority], code("NotUpgradeAuthority"));
  });
  attack("account initialised twice", "happens once", () => {
    const world = openQuorum();
    refuse(world, initializeOf(world), [authority], code("AlreadyInitialized"));
  });
  attack("account prefunded", "works on an address that somebody sent lamports to before", () => {
    const world = deployedQuorum();
    world.machine.airdrop(world.configAddress, 1_000_000n);
    world.must(initializeOf(world), [authority]);
    expect(world.config.epoch).equal(0n);
  });
  attack("account spoofed", "believes no ProgramData but the loader's of this program", () => {
    const world = deployedQuorum();
    const good = initializeOf(world, stranger);
    const real = world.machine.data(deriveProgramData(world.deployment.quorum).address);
    const data = real.slice(0, 45);
    data.set(stranger.publicKey, 13);
    const fake = addressOf("program data of mine");
    world.machine.plant(fake, { data, owner: addressOf("another loader") });
    const accounts = good.accounts.map((account, i) => (i === 3 ? { ...account, address: fake } : account));
    refuse(world, { ...good, accounts }, [stranger], code("ProgramDataInvalid"));
  });
});
