import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Certificate,
  createCache,
  createCertificate,
  createResolver,
  type DevelopmentCertificate,
  ensureDevelopmentCertificate,
  type Handler,
  nameToText,
  type Question,
  type Resolver,
} from "@tolldns/dns";
import { a, answerTo } from "./messages.ts";

/** A certificate made once per process, in a folder of its own. */
let made: Promise<{ dir: string; dev: DevelopmentCertificate }> | undefined;

export async function testCertificate(): Promise<{ certificate: Certificate; ca: string; caFile: string }> {
  made ??= (async () => {
    const dir = await mkdtemp(join(tmpdir(), "tolldns-dns-"));
    process.once("exit", () => void rm(dir, { recursive: true, force: true }));
    return { dir, dev: await ensureDevelopmentCertificate(dir, ["localhost", "127.0.0.1", "::1"]) };
  })();
  const { dev } = await made;
  return { certificate: createCertificate(dev.pair), ca: dev.ca, caFile: dev.caFile };
}

/** A resolver whose upstream answers every A question with 192.0.2.1, and counts. */
export function countingResolver(bytes = 4_000_000): {
  resolver: Resolver;
  handler: Handler;
  asked: Question[];
} {
  const asked: Question[] = [];
  const resolver = createResolver({
    cache: createCache({ bytes }),
    ask: async (question) => {
      asked.push(question);
      return answerTo(question, { answers: [a(nameToText(question.name))] });
    },
  });
  return { resolver, handler: resolver.answer, asked };
}
