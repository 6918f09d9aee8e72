import { describeCoverage } from "../covers.ts";

// At load time, while mocha still takes tests.
await describeCoverage("evidence");
