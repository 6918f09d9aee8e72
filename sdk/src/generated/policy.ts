// Made by sdk/scripts/generate.ts from programs/artifacts/policy.json. Do not edit.

/** Program id the committed program is built for. */
export const POLICY_PROGRAM_ID = "PojphenKmFrgsMVoqykSBZFwKani66ra5dm8nFSxMRg";

/** First 8 bytes of each account. */
export const ACCOUNT_DISCRIMINATORS = {
  PolicyConfig: [219, 7, 79, 84, 175, 51, 148, 146],
  Roster: [211, 108, 170, 22, 253, 177, 162, 194],
  Round: [87, 127, 165, 51, 73, 78, 116, 174],
  Target: [50, 197, 135, 93, 230, 116, 142, 68],
  Verifier: [195, 177, 185, 71, 72, 61, 77, 112],
} as const;

/** First 8 bytes of each event. */
export const EVENT_DISCRIMINATORS = {
  Enrolled: [129, 156, 102, 214, 94, 196, 220, 127],
  Judged: [173, 105, 164, 5, 122, 160, 163, 232],
  PolicyConfigChanged: [89, 227, 13, 9, 174, 75, 154, 184],
  Reported: [231, 212, 100, 190, 212, 0, 82, 32],
  RosterOpened: [52, 242, 18, 179, 67, 89, 60, 250],
  SetPublished: [241, 5, 175, 23, 197, 124, 180, 40],
  Struck: [148, 185, 61, 2, 77, 48, 178, 241],
  TargetChanged: [203, 94, 246, 179, 201, 139, 161, 85],
  Transition: [39, 140, 137, 247, 64, 71, 136, 239],
} as const;
