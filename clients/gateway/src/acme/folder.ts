import { createHash, X509Certificate } from "node:crypto";
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CertificatePair, createCertificate } from "@tolldns/dns";

/** What is kept between runs. Files are of mode 0600 and whole or not there. */
export interface AcmeFolder {
  /** PEM key of the account; made by `make` and kept when there is none. */
  accountKey(make: () => Promise<string>): Promise<string>;
  /** The kept certificate, if it can be used for these names. */
  read(names: readonly string[]): Promise<CertificatePair | null>;
  write(pair: CertificatePair): Promise<void>;
}

const KEY = /-----BEGIN (?:EC )?PRIVATE KEY-----[\s\S]+?-----END (?:EC )?PRIVATE KEY-----\n?/;

/** Files of one directory: those of a test authority don't stand in for the real one's. */
export async function openAcmeFolder(path: string, directory: string): Promise<AcmeFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const tag = createHash("sha256").update(directory).digest("hex").slice(0, 8);
  const accountFile = join(path, `account-${tag}.pem`);
  // Key and chain in one file: a crash between two could leave a key without its certificate.
  const certificateFile = join(path, `certificate-${tag}.pem`);
  const draft = async (file: string, text: string) => {
    const name = `${file}.${process.pid}.new`;
    await rm(name, { force: true });
    await writeFile(name, text, { mode: 0o600, flag: "wx" });
    await chmod(name, 0o600);
    return name;
  };

  return {
    async accountKey(make) {
      const kept = await readOptional(accountFile);
      if (kept !== null) return kept;
      const name = await draft(accountFile, await make());
      // A link fails where another process made a key meanwhile; then that one is used.
      await link(name, accountFile).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      });
      await rm(name);
      return readFile(accountFile, "utf8");
    },
    async read(names) {
      const text = await readOptional(certificateFile);
      const key = text === null ? undefined : KEY.exec(text)?.[0];
      if (text === null || key === undefined) return null;
      const pair = { key, cert: text.replace(KEY, "") };
      return isFor(pair, names) ? pair : null;
    },
    async write(pair) {
      await rename(await draft(certificateFile, `${pair.key.trim()}\n${pair.cert}`), certificateFile);
    },
  };
}

async function readOptional(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Whether key and certificate belong together and all names are in it. */
export function isFor(pair: CertificatePair, names: readonly string[]): boolean {
  try {
    createCertificate(pair);
    const leaf = new X509Certificate(pair.cert);
    return names.every((name) => leaf.checkHost(name, { subject: "never" }) !== undefined);
  } catch {
    return false;
  }
}
