import { nameOf } from "../measure/target.ts";
import type { World } from "../world/world.ts";
import type { Action } from "./scenario.ts";
import { type Preferred, placeOf, resolversOf, subjectsOf } from "./subjects.ts";

/** Does what a scenario says. */
export async function act(world: World, action: Action, preferred: Preferred): Promise<void> {
  switch (action.do) {
    case "kill":
    case "start":
    case "freeze":
    case "thaw":
      await Promise.all(
        subjectsOf(world, action.what, preferred).map(async ({ children, start }) => {
          if (action.do === "start") return start();
          for (const child of children()) {
            if (action.do === "kill") await child.kill();
            else if (action.do === "freeze") child.freeze();
            else child.thaw();
          }
        }),
      );
      return;
    case "fault": {
      const { kind, share, ms, from } = action;
      const place = from === undefined ? undefined : placeOf(world, from, preferred);
      const fault = {
        kind,
        ...(share === undefined ? {} : { share }),
        ...(ms === undefined ? {} : { ms }),
        ...(place === undefined ? {} : { from: place.prefix }),
      };
      await Promise.all(resolversOf(world, action.what, preferred).map((one) => one.setFaults([fault])));
      return;
    }
    case "clear":
      await Promise.all(resolversOf(world, action.what, preferred).map((one) => one.setFaults([])));
      return;
    case "cut":
      return world.cut(placeOf(world, action.what.slice("place:".length), preferred).name);
    case "join":
      return world.join(placeOf(world, action.what.slice("place:".length), preferred).name);
    case "rpc-down":
      return world.chain.fault({ rpcDown: true });
    case "rpc-up":
      return world.chain.fault({ rpcDown: false });
    case "collude": {
      const [resolver] = resolversOf(world, action.what, preferred);
      const some = [...world.verifiers.values()].slice(0, action.verifiers);
      if (resolver === undefined || some.length < action.verifiers)
        throw new Error(`no ${action.verifiers} verifiers here`);
      await Promise.all(some.map((one) => one.accuse(nameOf(resolver))));
      return;
    }
    case "honest":
      await Promise.all([...world.verifiers.values()].map((one) => one.accuse(null)));
      return;
  }
}
