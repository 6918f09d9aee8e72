// A process that casts votes until it is killed: says each on its output once it may leave.
import { bindStore, openFeedStore } from "@tolldns/keepers/feed";

const [path, first] = process.argv.slice(2);
const witness = new Uint8Array(32).fill(1);
const store = await openFeedStore({ path: path as string });
await bindStore(store, "witness", witness);
for (let epoch = BigInt(first as string); ; epoch++) {
  const digest = crypto.getRandomValues(new Uint8Array(32));
  const signature = new Uint8Array(64).fill(Number(epoch % 256n));
  const statement = { previousRoot: witness, root: witness, updatesRoot: witness, count: 0 };
  const vote = await store.votes.cast({ epoch, witness, digest, signature, ...statement }, 0);
  process.stdout.write(`${epoch} ${Buffer.from(vote.digest).toString("hex")}\n`);
}
