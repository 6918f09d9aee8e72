import { DnsError } from "@tolldns/dns";
import { expect } from "chai";
import { abortable, timeLimit } from "../../keepers/src/verifier/probe/limit.ts";

describe("the time a probe may take", () => {
  const never = new AbortController().signal;

  it("ends with the time-out where nobody says anything", async () => {
    const limit = timeLimit(5, never);
    const error = await abortable(new Promise<never>(() => {}), limit.signal).catch(
      (cause: unknown) => cause,
    );
    expect(error).to.be.instanceOf(DnsError).and.include({ code: "exchange-timeout" });
  });

  it("lets who is told to stop say why there is nothing", async () => {
    const limit = timeLimit(5, never);
    const why = new Promise<string>((resolve) =>
      limit.signal.addEventListener("abort", () => resolve("its own lane"), { once: true }),
    );
    expect(await abortable(why, limit.signal)).to.equal("its own lane");
  });

  it("tells at once that it was over before it began", async () => {
    const error = await abortable(Promise.resolve("late"), AbortSignal.abort("over")).catch(
      (cause: unknown) => cause,
    );
    expect(error).to.equal("over");
  });
});
