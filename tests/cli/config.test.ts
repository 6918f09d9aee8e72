import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  envOf,
  fileKey,
  isCliError,
  readConfigFile,
  resolveOption,
  resolveSection,
  type SectionName,
  type Sources,
  TABLE,
  writeConfig,
} from "@tolldns/cli";
import { expect } from "chai";
import { parse } from "smol-toml";
import { temporaryFolder, tolldns } from "./run.ts";

describe("settings", () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  let count = 0;
  const write = (text: string) => {
    const file = join(folder.path, `${++count}.toml`);
    writeFileSync(file, text);
    return file;
  };
  const sources = (parts: Partial<Sources> & { toml?: string }): Sources => ({
    flags: parts.flags ?? {},
    env: parts.env ?? {},
    file: parts.toml === undefined ? null : readConfigFile(write(parts.toml)),
  });
  const refusal = (act: () => unknown): { code: string; message: string; hint: string } => {
    try {
      act();
    } catch (error) {
      if (isCliError(error)) return error;
      throw error;
    }
    return expect.fail("was accepted");
  };

  it("takes a flag before the environment before the file before the default", () => {
    const toml = '[edge]\nper_day = "3"\n';
    const env = { TOLLDNS_EDGE_PER_DAY: "2" };
    const flags = { perDay: "1" };
    const perDay = (parts: Parameters<typeof sources>[0]) => resolveSection("edge", sources(parts)).perDay;
    expect(perDay({})).to.equal(1_000_000n);
    expect(perDay({ toml })).to.equal(3_000_000n);
    expect(perDay({ toml, env })).to.equal(2_000_000n);
    expect(perDay({ toml, env, flags: { perDay: "0.5" } })).to.equal(500_000n);
    expect(resolveOption("edge", "perDay", TABLE.edge.perDay, sources({ toml, env, flags })).source).to.equal(
      "flag",
    );
  });

  it("shows the source of each value to people too", async () => {
    const file = write("[edge]\nper_hour = 0.3\nper_day = 9\n");
    const { stdout } = await tolldns(["wallet", "limits", "--config", file], { TOLLDNS_EDGE_PER_DAY: "4" });
    expect(stdout).to.match(/0\.3 IU\s+edge\.per_hour \(file\)/);
    expect(stdout).to.match(/4 IU\s+edge\.per_day \(environment\)/);
    expect(stdout).to.match(/0\.0002 IU\s+edge\.per_query \(default\)/);
  });

  it("refuses an unknown setting with the nearest name", () => {
    const misspelt = refusal(() => readConfigFile(write("[edge]\nper_dya = 1\n")));
    expect(misspelt.code).to.equal("config-unknown");
    expect(misspelt.message).to.include("unknown setting edge.per_dya");
    expect(misspelt.hint).to.include("Did you mean edge.per_day?");
    expect(refusal(() => readConfigFile(write("[gatway]\n"))).hint).to.include("Did you mean gateway?");
    expect(refusal(() => readConfigFile(write("[edge]\ntick_price = 1\n"))).code).to.equal("config-unknown");
  });

  it("refuses a broken file with its line and column", () => {
    const broken = refusal(() => readConfigFile(write("[edge]\nper_day = \n")));
    expect(broken.code).to.equal("config-syntax");
    expect(broken.message).to.match(/\.toml:2:\d+: /);
    expect(refusal(() => readConfigFile(write("edge = 1\n"))).code).to.equal("config-syntax");
    expect(refusal(() => readConfigFile(join(folder.path, "none.toml"))).code).to.equal("config-unreadable");
  });

  const wrong: [SectionName, string, string, string][] = [
    ["edge", "perDay", '"1.0000001"', "seven decimals"],
    ["edge", "perDay", "-1", "a negative amount"],
    ["edge", "perDay", "1e30", "an amount beyond what exists"],
    ["edge", "hedge", '"perhaps"', "a flag that is neither"],
    ["edge", "outOfMoney", '"panic"', "a choice there isn't"],
    ["gateway", "udpPort", "65536", "a port above 65535"],
    ["gateway", "udpPort", "5.5", "half a port"],
    ["gateway", "cacheSize", '"64 megs"', "a size in no unit"],
    ["edge", "listen", '["127.0.0.1:x"]', "an address without a port number"],
    ["chain", "rpc", '"ftp://example.org"', "an RPC that isn't HTTP"],
  ];
  for (const [section, key, toml, what] of wrong) {
    it(`refuses ${what}`, () => {
      const error = refusal(() =>
        resolveSection(section, sources({ toml: `[${section}]\n${fileKey(key)} = ${toml}\n` })),
      );
      expect(error.code).to.equal("option-invalid");
      expect(error.message).to.include(`${section}.${fileKey(key)} must be`);
    });
  }

  it("reads amounts as people write them, exactly", () => {
    const price = (toml: string) =>
      resolveSection("gateway", sources({ toml: `[gateway]\ntick_price = ${toml}\n` })).tickPrice;
    expect(price("0.00002")).to.equal(20n);
    expect(price("0.000001")).to.equal(1n);
    expect(price('"12.345678"')).to.equal(12_345_678n);
    expect(price("3")).to.equal(3_000_000n);
  });

  it("takes paths of a file from the file's folder", () => {
    mkdirSync(join(folder.path, "sub"), { recursive: true });
    const file = join(folder.path, "sub", "c.toml");
    writeFileSync(file, '[wallet]\nkey = "my/key.json"\n');
    const { key } = resolveSection("wallet", { flags: {}, env: {}, file: readConfigFile(file) });
    expect(key).to.equal(join(folder.path, "sub", "my", "key.json"));
  });

  it("refuses a password on the command line but takes it from the environment", () => {
    const url = "postgres://tolldns:hunter2@db.internal/tolldns";
    const error = refusal(() => resolveSection("store", sources({ flags: { store: url } })));
    expect(error.code).to.equal("secret-argument");
    expect(error.hint).to.include("TOLLDNS_STORE_STORE");
    expect(`${error.message}${error.hint}`).to.not.include("hunter2");
    expect(resolveSection("store", sources({ env: { TOLLDNS_STORE_STORE: url } })).store).to.equal(url);
  });

  it("gives each setting an environment variable of its own", () => {
    const names = Object.entries(TABLE).flatMap(([section, options]) =>
      Object.keys(options).map((key) => envOf(section as SectionName, key)),
    );
    expect(new Set(names).size).to.equal(names.length);
  });
});

describe("tolldns init", () => {
  const folder = temporaryFolder();
  after(() => folder.remove());

  it("writes every setting commented out, so that the file changes nothing", async () => {
    const file = join(folder.path, "new", "config.toml");
    const { code, stdout } = await tolldns(["init", file]);
    expect(code, stdout).to.equal(0);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readConfigFile(file)?.values.size).to.equal(0);
  });

  it("writes settings that are read back as their defaults when uncommented", () => {
    const text = writeConfig().replace(/^#(\w+ = )/gm, "$1");
    const written = parse(text) as Record<string, Record<string, unknown>>;
    for (const [section, options] of Object.entries(TABLE))
      for (const [key, option] of Object.entries(options)) {
        const value = section === "general" ? written[fileKey(key)] : written[section]?.[fileKey(key)];
        expect(value, `${section}.${key}`).to.not.equal(undefined);
        if ("default" in option)
          expect(option.kind.read(value, "/"), `${section}.${key}`).to.deep.equal(option.default);
      }
  });

  it("never replaces a file unasked", async () => {
    const file = join(folder.path, "mine.toml");
    writeFileSync(file, 'data = "/x"\n');
    const { code, stderr } = await tolldns(["init", file]);
    expect(code).to.equal(2);
    expect(stderr).to.include("is there already");
    expect((await tolldns(["init", "--force", "--role", "edge", file])).code).to.equal(0);
    expect(readConfigFile(file)?.values.size).to.equal(0);
  });
});
