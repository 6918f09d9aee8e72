import { createNoopSigner, publicKey, signerIdentity } from "@metaplex-foundation/umi";
import { createUmi } from "@metaplex-foundation/umi-bundle-defaults";
import { formatAddress, toAddress, toHex } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import * as umiNames from "@tolldns/sdk/umi/names";
import { expect } from "chai";
import { busyNames, LABEL, PARTIES } from "../programs/names/world.ts";

const { alice, bob } = PARTIES;

describe("names through Umi", () => {
  const world = busyNames();
  const { deployment } = world;
  const umi = umiNames.withTolldnsNames(
    createUmi("http://127.0.0.1:9").use(signerIdentity(createNoopSigner(publicKey(alice.publicKey)))),
    deployment,
  );
  // In place of a cluster: the accounts of a machine on which the program runs.
  umi.rpc.getAccount = async (key) => {
    const account = world.machine.account(toAddress(String(key)));
    if (account === undefined) return { exists: false, publicKey: key };
    const lamports = { basisPoints: account.lamports, identifier: "SOL", decimals: 9 } as const;
    return {
      exists: true,
      publicKey: key,
      executable: false,
      lamports,
      owner: publicKey(account.owner),
      data: account.data,
    };
  };

  it("builds what the SDK builds", () => {
    const given = { label: LABEL, generation: 1 };
    const holder = alice.publicKey;
    const pairs = [
      [
        umiNames.offerControl(umi, { ...given, to: bob.publicKey }),
        [names.offerControl({ ...given, deployment, holder, to: bob.publicKey })],
      ],
      [
        umiNames.transferName(umi, { ...given, to: bob.publicKey }),
        names.transferName({ ...given, deployment, holder, to: bob.publicKey }),
      ],
      [umiNames.issuePassport(umi, {}), [names.issuePassport({ deployment, wallet: holder })]],
      [
        umiNames.recordAuthority(umi, { ...given, holder }),
        [names.recordAuthority({ ...given, deployment, holder })],
      ],
      [
        umiNames.closeDelegate(umi, { label: LABEL, delegate: bob.publicKey, payer: holder }),
        [names.closeDelegate({ deployment, label: LABEL, delegate: bob.publicKey, payer: holder })],
      ],
    ] as const;
    for (const [builder, expected] of pairs)
      expect(
        builder
          .getInstructions()
          .map(({ keys, data }) => [keys.map(({ pubkey }) => String(pubkey)), toHex(data)]),
      ).eql(
        expected.map(({ accounts, data }) => [
          accounts.map(({ address }) => formatAddress(address)),
          toHex(data),
        ]),
      );
  });

  it("transfers a name, and reads it", async () => {
    world.must(
      names.transferName({
        deployment,
        label: LABEL,
        generation: 1,
        holder: alice.publicKey,
        to: bob.publicKey,
      }),
      [alice],
    );
    expect(world.holds(bob, LABEL)).equal(true);
    expect(await umiNames.fetchName(umi, LABEL)).eql(world.name(LABEL));
    expect((await umiNames.fetchAuction(umi, "abc", 1))?.highest).equal(40_000_000n);
    expect(await umiNames.fetchPassport(umi, bob.publicKey)).equal(undefined);
    expect((await umiNames.fetchNamesConfig(umi))?.paused).equal(false);
  });

  it("knows the program's errors by code and by name", () => {
    const program = umiNames.createNamesProgram(deployment);
    expect(program.getErrorFromCode(6243)?.message).contain("somebody has the name");
    expect(program.getErrorFromName("NameTaken")?.message).contain("somebody has the name");
    expect(program.getErrorFromCode(1)).equal(null);
  });
});
