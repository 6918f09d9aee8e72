import { createVirtualClock, systemTimerClock, type TimerClock, type VirtualClock } from "@tolldns/dns/clock";

/** Time handed in, so that tests own it. */
export type EdgeClock = TimerClock;
export const systemEdgeClock = systemTimerClock;

/** A clock that moves only when told to. */
export type VirtualEdgeClock = VirtualClock;
export const createVirtualEdgeClock = (wall?: number): VirtualEdgeClock => createVirtualClock(0, wall);
