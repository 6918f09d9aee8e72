import { benchDraw } from "./draw.ts";
import { benchPropagation } from "./propagation.ts";

// What epochs cost and how long they take: `npm run bench epochs`.

benchDraw();
console.log();
await benchPropagation();
