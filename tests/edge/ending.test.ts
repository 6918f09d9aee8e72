import { expect } from "chai";
import { openRig, PRICE, type Rig, until } from "./support/booth-link.ts";

describe("a payer that ends", () => {
  let rig: Rig;
  afterEach(() => rig.close());

  it("hands in what was answered while a voucher was under way, too", async () => {
    rig = await openRig();
    let letGo: (() => void) | null = null;
    rig.link.before = (message) => {
      if (message.type !== "voucher" || letGo !== null) return undefined;
      return new Promise((resolve) => {
        letGo = () => resolve(undefined);
      });
    };
    for (let i = 0; i < 4; i++) await rig.query(`before${i}.example`);
    await until(() => letGo !== null, "half of what it lends is used");
    for (let i = 0; i < 3; i++) await rig.query(`after${i}.example`);
    expect(rig.lane().promised).to.equal(4n * PRICE);
    const closing = rig.payer.close();
    (letGo as (() => void) | null)?.();
    await closing;
    expect(rig.lane().promised).to.equal(7n * PRICE);
  });
});
